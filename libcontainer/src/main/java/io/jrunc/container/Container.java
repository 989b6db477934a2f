package io.jrunc.container;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.child.ChildKernel;
import io.jrunc.linux.child.Recording;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Spec;
import io.jrunc.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** A container that exists, whatever its status. To be closed. */
public final class Container implements AutoCloseable {
    private static final int SIGKILL = 9;
    private static final int END_MILLIS = 10_000;

    /** How many operations init answers with when it is spoken to: accept, close, take control. */
    private static final int GREETING = 3;

    private final Kernel kernel;
    private final ProcessSpawner spawner;
    private final StateDirectory directory;
    private final Fd terminal;
    private State state;

    Container(
            Kernel kernel,
            ProcessSpawner spawner,
            StateDirectory directory,
            State state,
            Fd terminal) {
        this.kernel = kernel;
        this.spawner = spawner;
        this.directory = directory;
        this.state = state;
        this.terminal = terminal;
    }

    /** Its id. */
    public String id() {
        return state.id();
    }

    /** The pid of its init on this host; 0 if it never had one. */
    public int initPid() {
        return state.initPid();
    }

    /** The master of its terminal, for whoever has just created it; else null. */
    public Fd terminal() {
        return terminal;
    }

    /** What the kernel says that it is doing. */
    public Status status() {
        boolean alive = init().isAlive(kernel);
        boolean beingMade = !alive && state.initPid() == 0 && directory.isBusy();
        boolean waiting = alive && directory.has(StateDirectory.CONTROL);
        return Status.observe(alive && isFrozen(), alive, waiting, beingMade);
    }

    /** The state document. */
    public OciState ociState(String owner) {
        Status status = status();
        return state.oci(status.word(), status.isAlive() ? state.initPid() : 0, owner);
    }

    /** The uid that owns its state directory. */
    public int owner() {
        return directory.owner();
    }

    /**
     * Starts the program. When this returns, execve(2) has succeeded; otherwise it throws the
     * reason, and the container is stopped.
     */
    public void start() {
        lock();
        Status status = status();
        if (status != Status.CREATED) {
            throw Failure.of(
                    "wrong-state",
                    status == Status.STOPPED
                            ? "cannot start a container that has stopped"
                            : status == Status.PAUSED
                                    ? "cannot start a paused container; resume it first"
                                    : "cannot start an already running container");
        }
        byte[] batch = directory.read(StateDirectory.START);
        if (batch == null) {
            throw Failure.invalid("process", "is missing", "say what to run in config.json");
        }
        // First of all: without a listener it stays created, and may be started again.
        try (ListenerHandOver listener =
                        state.listener() ? ListenerHandOver.to(kernel, spec()) : null;
                Fd socket = kernel.sockets().unixStream("init")) {
            kernel.sockets().connect(socket, directory.socketPath(StateDirectory.CONTROL));
            // From here on it is not created any more: if we end now, init sees it and ends too.
            directory.remove(StateDirectory.CONTROL);
            start(Recording.fromBytes(batch), socket, listener);
        }
    }

    /** A container whose start fails, or its poststart hook, does not go on. */
    private void start(Recording batch, Fd socket, ListenerHandOver listener) {
        try {
            Recording.awaitGreeting(socket, GREETING);
            Hooks hooks = hooks();
            LifeHooks life = new LifeHooks(spawner, state);
            if (!hooks.startContainer().isEmpty()) {
                life.beforeStart(hooks, new ChildKernel(socket, "init"), programEnvironment());
            }
            play(batch, socket, listener);
            life.afterStart(hooks);
        } catch (Failure f) {
            end();
            throw f;
        }
    }

    private void play(Recording batch, Fd socket, ListenerHandOver listener) {
        try {
            if (listener == null) {
                batch.play(socket);
            } else {
                listener.prepare(new ChildKernel(socket, "init"));
                batch.play(socket, () -> listener.handOver(state, socket));
            }
        } catch (Failure f) {
            throw f.during("exec failed");
        }
    }

    private Hooks hooks() {
        return state.hooks() ? spec().hooks() : Hooks.NONE;
    }

    private List<String> programEnvironment() {
        return spec().process().orElseThrow().env();
    }

    private Spec spec() {
        return SpecReader.read(directory.read(StateDirectory.CONFIG));
    }

    /** Whether something must run when the container is removed. */
    public boolean hasFarewell() {
        return !hooks().poststop().isEmpty();
    }

    /** Sends a signal to init; {@link Failure} if it has ended. */
    public void kill(int signal) {
        if (signal == SIGKILL && !state.privatePids() && status().isAlive()) {
            killAll();
            return;
        }
        try (Fd pidfd = init().open(kernel)) {
            if (pidfd == null || !kernel.processes().signal(pidfd, signal)) {
                throw Failure.of(
                        "not-running", "container not running", state.id(), Errno.ESRCH, "");
            }
        }
        if (signal == SIGKILL) {
            thaw(); // frozen processes do not die on v1
        }
    }

    /** Sends a signal to every process in the container's cgroup. */
    public void signalAll(int signal) {
        for (String cgroup : state.cgroupDirectories()) {
            List<Integer> pids = CgroupRemoval.processes(kernel, cgroup);
            if (!pids.isEmpty()) {
                for (int pid : pids) {
                    kernel.processes().kill(pid, signal);
                }
                return;
            }
        }
        kill(signal);
    }

    private void killAll() {
        for (String cgroup : state.cgroupDirectories()) {
            thaw();
            CgroupRemoval.killAll(kernel, cgroup);
        }
        try (Fd pidfd = init().open(kernel)) {
            if (pidfd != null) {
                kernel.processes().signal(pidfd, SIGKILL);
            }
        }
    }

    /**
     * Removes the container. A created one is killed first; a running one only with {@code force}.
     *
     * @param warnings hears of hooks that failed: the container is removed all the same
     */
    public void delete(boolean force, Consumer<String> warnings) {
        lock();
        Status status = status();
        boolean running = status == Status.RUNNING || status == Status.PAUSED;
        if (running && !force) {
            throw Failure.of(
                    "wrong-state",
                    "cannot delete container "
                            + state.id()
                            + " that is not stopped: "
                            + status.word()
                            + "; kill it first, or use --force");
        }
        // Read now: once it has ended, the launcher of a foreground run removes what we read.
        Hooks hooks = hooks();
        if (status.isAlive()) {
            end();
        }
        if (init().isZombie(kernel)) {
            spawner.reap(state.initPid()); // if it is ours: that of an embedding program is
        }
        for (String cgroup : state.cgroupDirectories()) {
            if (!state.privatePids()) {
                CgroupRemoval.killAll(kernel, cgroup);
            }
            CgroupRemoval.remove(kernel, cgroup);
        }
        state.resctrl().ifPresent(group -> group.remove(kernel));
        directory.submitRemoval(kernel);
        new LifeHooks(spawner, state).afterStop(hooks, warnings);
    }

    private void end() {
        try (Fd pidfd = init().open(kernel)) {
            if (pidfd == null) {
                return;
            }
            kernel.processes().signal(pidfd, SIGKILL);
            thaw();
            if (!kernel.processes().awaitEnd(pidfd, END_MILLIS)) {
                throw Failure.of("wrong-state", "container init still running: " + state.id());
            }
        }
    }

    /** Has {@code survivor} remove the container, which will have ended by then. */
    public void submitRemoval(Kernel survivor) {
        for (String cgroup : state.cgroupDirectories()) {
            survivor.files().rmdir(survivor.files().here(), cgroup).tolerate(Errno.ENOENT).submit();
        }
        state.resctrl().ifPresent(group -> group.remove(survivor));
        directory.submitRemoval(survivor);
    }

    private InitProcess init() {
        return new InitProcess(state.initPid(), state.initStart());
    }

    private boolean isFrozen() {
        return readCgroup("freezer", "freezer.state").startsWith("FROZEN")
                || readCgroup("", "cgroup.freeze").equals("1");
    }

    private void thaw() {
        if (readCgroup("freezer", "freezer.state").startsWith("F")) {
            writeCgroup("freezer", "freezer.state", "THAWED");
        }
        if (readCgroup("", "cgroup.freeze").equals("1")) {
            writeCgroup("", "cgroup.freeze", "0");
        }
    }

    private String readCgroup(String controller, String file) {
        String cgroup = state.cgroups().get(controller);
        if (cgroup == null) {
            return "";
        }
        return CgroupRemoval.readIfThere(kernel, cgroup + "/" + file);
    }

    private void writeCgroup(String controller, String file, String value) {
        String path = state.cgroups().get(controller) + "/" + file;
        try (Fd fd = kernel.files().openIfExists(kernel.files().here(), path, OpenFlag.WRONLY)) {
            kernel.files().writeTolerantly(fd, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Waits for other invocations on this container; one of them may have removed it. */
    private void lock() {
        directory.lock();
        byte[] json = directory.read(StateDirectory.STATE);
        if (json == null) {
            throw Failure.of("not-found", "container does not exist: " + state.id());
        }
        state = State.fromJson(json);
    }

    @Override
    public void close() {
        directory.close();
    }
}
