// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.Freezer;
import io.jrunc.cgroup.ReadStats;
import io.jrunc.cgroup.ReadUsage;
import io.jrunc.cgroup.stats.Usage;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CheckpointOptions;
import io.jrunc.container.model.ContainerProcess;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ExecOptions;
import io.jrunc.container.model.ExitStatus;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.container.model.Status;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.operation.CheckpointOperation;
import io.jrunc.operation.CreatedContainer;
import io.jrunc.operation.DeleteOperation;
import io.jrunc.operation.ExecOperation;
import io.jrunc.operation.MountOperation;
import io.jrunc.operation.OomDetector;
import io.jrunc.operation.ProcessGuard;
import io.jrunc.operation.ReadinessSocket;
import io.jrunc.operation.Signalling;
import io.jrunc.operation.StartOperation;
import io.jrunc.operation.UpdateOperation;
import io.jrunc.resctrl.ReadResctrlStats;
import io.jrunc.resctrl.ResctrlGroup;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.IntelRdt;
import io.jrunc.spec.OciState;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import io.jrunc.state.DirectoryUse;
import io.jrunc.state.LiveMounts;
import io.jrunc.state.OperationLock;
import io.jrunc.state.PidOwner;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import io.jrunc.state.StoredSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * A container that exists, whatever its status. To be closed: one that was made through this object
 * and was not handed over is stopped and removed then.
 *
 * <p>Safe for use by several threads. What changes a container (start, update, pause, resume,
 * delete) waits until no other such operation on the same container goes on, be it of this object,
 * of another thread or of another process; a wait of more than a second is reported to the notices
 * of {@link Containers}, and an interrupt ends it with a {@link Failure}. All other methods do not
 * wait, and return the present state. Closing it lets operations that have begun finish; later ones
 * throw {@link IllegalStateException}.
 */
public final class Container implements AutoCloseable {
    private final Kernel kernel;
    private final ProcessSpawner spawner;
    private final StateDirectory directory;
    private final DirectoryUse use;
    private final InitExit exit;
    private final Optional<Fd> terminal;
    private volatile Optional<Fd> readiness;
    private volatile State state;
    private boolean temporary;
    private Optional<ProcessGuard> guard;

    /** One that exists. */
    Container(Kernel kernel, ProcessSpawner spawner, StateDirectory directory, State state) {
        this.kernel = kernel;
        this.spawner = spawner;
        this.exit = new InitExit(kernel);
        this.directory = directory;
        this.use = new DirectoryUse(directory);
        this.state = state;
        this.terminal = Optional.empty();
        this.readiness = Optional.empty();
        this.guard = Optional.empty();
    }

    /** One that was made just now; it ends when this is closed. */
    Container(Kernel kernel, ProcessSpawner spawner, CreatedContainer made) {
        this.kernel = kernel;
        this.spawner = spawner;
        this.exit = new InitExit(kernel);
        this.directory = made.directory();
        this.use = new DirectoryUse(directory);
        this.state = made.state();
        this.terminal = made.terminal();
        this.readiness = made.readiness();
        this.guard = made.guard();
        this.temporary = true;
    }

    /** From here on the container outlives this object: others will start, stop or remove it. */
    public synchronized void handOver() {
        temporary = false;
        guard.ifPresent(ProcessGuard::dismiss);
        guard = Optional.empty();
    }

    /** Its id. */
    public String id() {
        return state.id();
    }

    /** The pid of its init on this host; 0 if it never had one. */
    public int initPid() {
        return state.initPid();
    }

    /** Returns a word that identifies its init among all processes. */
    public String initIdentity() {
        return state.initPid() + "." + state.initStart() + "." + state.initInode();
    }

    /** Returns the master of its terminal, if this object has created it. */
    public Optional<Fd> terminal() {
        return terminal;
    }

    /**
     * Returns the socket on which its program reports readiness, sd_notify(3), if this object has
     * run it, or has started it after {@link #bindReadiness}.
     */
    public Optional<Fd> readiness() {
        return readiness;
    }

    /** Opens its init, never a later process with the same pid; empty if it has ended. */
    public Optional<Fd> openInit() {
        return state.init().open(kernel);
    }

    /** Binds the socket of {@link #readiness}, if the container was created with one. */
    public void bindReadiness() {
        readiness = ReadinessSocket.bind(kernel, directory);
    }

    /** What the kernel says that it is doing. */
    public Status status() {
        return status(state.initPid() == 0 && directory.isBusy());
    }

    private Status status(boolean busy) {
        boolean alive = state.init().isAlive(kernel);
        boolean beingMade = !alive && busy;
        boolean waiting = alive && directory.has(StateDirectory.CONTROL);
        return Status.observe(alive && freezer().isFrozen(), alive, waiting, beingMade);
    }

    /** The state document. */
    public OciState ociState(String owner) {
        Objects.requireNonNull(owner, "Container.ociState: owner is null");
        Status status = status();
        return state.oci(status.word(), status.isAlive() ? state.initPid() : 0, owner);
    }

    /** The uid that owns its state directory. */
    public int owner() {
        return directory.owner();
    }

    /**
     * Starts the program. When this returns, execve(2) has succeeded; otherwise it throws the
     * reason, and the container is stopped; if a hook fails, it is removed.
     */
    public void start() {
        try (Operation operation = begin()) {
            StartOperation.requireCreated(operation.status(), this::memoryShortage);
            becomeProgram();
        }
    }

    private void becomeProgram() {
        try {
            new StartOperation(kernel, spawner, directory, state)
                    .run(this::spec, signalling()::end);
        } catch (Failure f) {
            if (f.code() == Failure.Code.HOOK) {
                // Source: runtime-spec runtime.md#lifecycle, 7 and 9: go on with 12, its removal.
                new DeleteOperation(kernel, spawner, directory, state)
                        .run(
                                kept().hooks(),
                                second -> f.addSuppressed(Failure.of(f.code(), second)));
                handOver(); // there is nothing left to be removed
            }
            throw f;
        }
    }

    /**
     * Runs a further process in the container. When this returns, execve(2) has succeeded.
     *
     * @param process what to run; of the container's own process nothing is added but the labels
     *     that it does not name itself: what is not confined would be a way out
     */
    @SuppressWarnings("exports") // for the command line
    public ContainerProcess exec(ProcessSpec process, Host host, ExecOptions options) {
        use.requireOpen();
        Status status = status();
        if (!status.isAlive()) {
            throw ExecOperation.cannotExec(status);
        }
        if (status == Status.PAUSED && !options.ignorePaused()) {
            throw Failure.of(
                    Failure.Code.WRONG_STATE,
                    "cannot exec in a paused container; resume it, or use ExecOptions.ignorePaused");
        }
        try {
            return new ExecOperation(kernel, spawner, state, options).run(spec(), process, host);
        } catch (Failure f) {
            // Namespaces, cgroups and processes vanish with init: whatever was missed first.
            if (state.init().isAlive(kernel) || f.code() == Failure.Code.OOM_KILLED) {
                throw f;
            }
            Failure stopped = ExecOperation.cannotExec(Status.STOPPED, f);
            for (Throwable undoing : f.getSuppressed()) {
                stopped.addSuppressed(undoing);
            }
            throw stopped;
        }
    }

    /** As the other method, on this host as it is now. */
    public ContainerProcess exec(ProcessSpec process, ExecOptions options) {
        Objects.requireNonNull(process, "Container.exec: process is null");
        Objects.requireNonNull(options, "Container.exec: options is null");
        return exec(process, Host.read(false), options);
    }

    /** The specification that it was made from, whatever became of the bundle since. */
    public Spec spec() {
        return kept().spec();
    }

    /** Returns how its mounts are changed; the caller holds its lock, if it changes them. */
    MountOperation mounting(CreateOptions.Watcher watcher) {
        return new MountOperation(
                kernel, spawner, directory, state, spec(), watcher, directory.notices());
    }

    /** The bundle that it was made from, as it was then. */
    public Bundle bundle() {
        return new Bundle(state.bundle(), StoredSpec.config(directory), spec(), List.of());
    }

    private StoredSpec kept() {
        return new StoredSpec(directory, state);
    }

    /** Whether something must run when the container is removed. */
    public boolean needsCleanupCommand() {
        // Only Java speaks with systemd: a scope that init does not empty by its end is stopped.
        boolean stays =
                state.unit().filter(unit -> unit.isSlice() || !state.privatePids()).isPresent();
        return stays
                || directory.has(StateDirectory.MOUNTS)
                || !kept().hooks().poststop().isEmpty();
    }

    /**
     * Changes its limits; what {@code wanted} does not name stays. If the kernel refuses one, all
     * are as before.
     *
     * @param warnings receives failures of the restoration
     */
    @SuppressWarnings("exports") // for the command line
    public void update(Resources wanted, Host host, Consumer<String> warnings) {
        try (Operation operation = begin()) {
            Status status = operation.status();
            if (!status.isAlive()) {
                throw Failure.of(
                        Failure.Code.WRONG_STATE,
                        "cannot update a container that is " + status.word());
            }
            limits(warnings).apply(wanted, host);
        }
    }

    /** As the other method, on this host as it is now. */
    public void update(Resources wanted) {
        Objects.requireNonNull(wanted, "Container.update: wanted is null");
        update(wanted, Host.read(state.unit().isPresent()), directory.notices());
    }

    /** The limits that were set last, by create or update. */
    public Resources resources() {
        return limits(directory.notices()).current();
    }

    private UpdateOperation limits(Consumer<String> warnings) {
        return new UpdateOperation(kernel, directory, state.cgroups(), state.unit(), warnings);
    }

    /**
     * Changes its parts of caches and of memory bandwidth; what {@code rdt} does not name stays.
     */
    public void update(IntelRdt rdt) {
        Objects.requireNonNull(rdt, "Container.update: rdt is null");
        try (Operation operation = begin()) {
            operation.resctrl().update(kernel, rdt);
        }
    }

    /** Its mounts, to be changed while it runs or is paused. */
    public ContainerMounts mounts() {
        return new ContainerMounts(this);
    }

    /** Stops all its processes until {@link #resume}. */
    public void pause() {
        try (Operation operation = begin()) {
            Status status = operation.status();
            if (status != Status.RUNNING && status != Status.CREATED) {
                throw Failure.of(
                        Failure.Code.WRONG_STATE,
                        "container not running or created: " + status.word());
            }
            freezer().freeze();
        }
    }

    /** Ends what {@link #pause} began. */
    public void resume() {
        try (Operation operation = begin()) {
            if (operation.status() != Status.PAUSED) {
                throw Failure.of(Failure.Code.WRONG_STATE, "container not paused");
            }
            freezer().thaw();
        }
    }

    /**
     * Writes the state of its processes to an image, from which {@link Containers#restore} makes
     * them again. The container is removed then, unless the options leave it running.
     *
     * @param warnings receives what goes wrong when it is removed
     */
    public void checkpoint(CheckpointOptions options, Consumer<String> warnings) {
        Objects.requireNonNull(options, "Container.checkpoint: options is null");
        Objects.requireNonNull(warnings, "Container.checkpoint: warnings is null");
        try (Operation operation = begin()) {
            Status status = operation.status();
            if (status != Status.RUNNING && status != Status.PAUSED) {
                throw Failure.of(
                        Failure.Code.WRONG_STATE, "container not running: " + status.word());
            }
            CheckpointOperation.refuse(LiveMounts.read(directory, kernel, state.init()));
            new CheckpointOperation(kernel, spawner, state, spec(), options).run();
            if (!options.leavesRunning()) {
                new DeleteOperation(kernel, spawner, directory, state)
                        .run(kept().hooks(), warnings);
                handOver(); // there is nothing left to be removed
            }
        }
    }

    /** Returns its statistics; after its end, those that its cgroups still have. */
    public ContainerStats stats() {
        use.requireOpen();
        return new ContainerStats(
                ReadStats.of(kernel, state.cgroups()).all(),
                state.resctrl().map(group -> ReadResctrlStats.of(kernel, group)));
    }

    /** Returns how much it has used, and which limits it has met; also after its end. */
    public Usage usage() {
        return new ReadUsage(kernel, state.cgroups()).now();
    }

    /**
     * Waits for the end of its first process; an interrupt ends the wait.
     *
     * @throws Failure if another process has collected it: that of a container which this object
     *     has not made
     */
    public ExitStatus awaitExit() throws InterruptedException {
        use.requireOpen();
        return exit.await(state.initPid());
    }

    /** Returns a publisher of what happens to it, from each subscription on. */
    public Flow.Publisher<ContainerEvents.Event> publisher() {
        return new EventPublisher(this::events);
    }

    /** What happens to it from now on; {@link Failure} if it does not run. To be closed. */
    public ContainerEvents events() {
        use.requireOpen();
        return ContainerEvents.of(kernel, state);
    }

    /**
     * Why its init has ended, if it was killed because memory ran out; empty if it was not, or the
     * kernel does not know any more.
     */
    public Optional<Failure> memoryShortage() {
        return shortage().ended(state.initPid());
    }

    /** Whether it has reached its limit of memory: then init may soon be killed. */
    public boolean isShortOfMemory() {
        return shortage().isFull();
    }

    private OomDetector shortage() {
        return OomDetector.ofInit(kernel, state, this::spec);
    }

    /** The pids, on this host, of all processes in the container's cgroup, ascending. */
    public List<Integer> processes() {
        TreeSet<Integer> pids = new TreeSet<>();
        for (String cgroup : state.cgroupDirectories()) {
            if (pids.isEmpty()) {
                pids.addAll(CgroupRemoval.processes(kernel, cgroup));
            }
        }
        return List.copyOf(pids);
    }

    /** Tells its processes from others by their pids. */
    @SuppressWarnings("exports") // for the command line
    public PidOwner membership() {
        return new PidOwner(kernel, state);
    }

    /** Whether its program was started, whatever became of it. */
    public boolean wasStarted() {
        return state.initPid() != 0 && !directory.has(StateDirectory.CONTROL);
    }

    /** Sends a signal to init; {@link Failure} if it has ended. */
    public void kill(int signal) {
        use.requireOpen();
        signalling().toInit(signal);
    }

    /** Sends a signal to every process in the container's cgroup. */
    public void signalAll(int signal) {
        use.requireOpen();
        signalling().toAll(signal);
    }

    /**
     * Removes the container. A created one is killed first; a running one only with {@code force}.
     *
     * @param warnings receives failures of hooks: the container is removed all the same
     */
    public void delete(boolean force, Consumer<String> warnings) {
        Objects.requireNonNull(warnings, "Container.delete: warnings is null");
        try (Operation operation = begin()) {
            Status status = operation.status();
            boolean running = status == Status.RUNNING || status == Status.PAUSED;
            if (running && !force && !signalling().awaitKilled()) {
                throw Failure.of(
                        Failure.Code.WRONG_STATE,
                        "cannot delete container "
                                + state.id()
                                + " that is not stopped: "
                                + status.word()
                                + "; kill it first, or call Container.delete with force");
            }
            // Read now: once it has ended, the launcher of a foreground run removes what we read.
            Hooks hooks = kept().lastHooks(warnings);
            new DeleteOperation(kernel, spawner, directory, state).run(hooks, warnings);
            handOver(); // there is nothing left to be removed
        }
    }

    /** Has {@code survivor} remove the container, which will have ended by then. */
    public void submitRemoval(Kernel survivor) {
        new DeleteOperation(kernel, spawner, directory, state).submit(survivor);
    }

    private Signalling signalling() {
        return new Signalling(kernel, state);
    }

    private Freezer freezer() {
        return new Freezer(kernel, state.cgroups());
    }

    /** Waits for other operations on this container; one of them may have removed it. */
    Operation begin() {
        use.begin();
        try {
            OperationLock lock = directory.lock();
            try {
                state = State.read(directory);
                return new Operation(lock);
            } catch (RuntimeException f) {
                lock.close();
                throw f;
            }
        } catch (RuntimeException f) {
            use.end();
            throw f;
        }
    }

    /** Something that changes the container, while nothing else does. */
    final class Operation implements AutoCloseable {
        private final OperationLock lock;

        Operation(OperationLock lock) {
            this.lock = lock;
        }

        /** That of the container, whose create has finished. */
        Status status() {
            return Container.this.status(false);
        }

        ResctrlGroup resctrl() {
            return state.resctrl()
                    .orElseThrow(
                            () ->
                                    Failure.invalid(
                                            "linux.intelRdt",
                                            "is not in the container's config.json, so it"
                                                    + " has no resctrl group",
                                            "create it with one"));
        }

        @Override
        public void close() {
            lock.close();
            use.end();
        }
    }

    @Override
    public void close() {
        try {
            if (isTemporary()) {
                remove();
            }
        } finally {
            letGo();
        }
    }

    private synchronized boolean isTemporary() {
        return temporary && !use.isClosed();
    }

    private void remove() {
        try {
            delete(true, directory.notices());
        } catch (Failure f) {
            if (f.code() != Failure.Code.NOT_FOUND) {
                throw f;
            }
            handOver(); // others have removed it
        }
    }

    private void letGo() {
        if (use.close()) {
            readiness.ifPresent(Fd::close);
        }
    }
}
