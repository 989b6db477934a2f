// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What steps act on: the processes so far, and what earlier steps hand to later ones. */
public final class SetupContext {
    private final Kernel runtime;
    private final Spawner spawner;
    private boolean keepsGroups;
    private final Helpers helpers;
    private final Rollback rollback = new Rollback();
    private final CgroupSlots cgroups = new CgroupSlots();
    private final ProgramSlots program = new ProgramSlots();
    private final Slot<ChildProcess> stage = new Slot<>("the stage", "StartStage");
    private final Slot<ChildProcess> init = new Slot<>("init", "CreateInit");
    private @Nullable Step underWay;
    private @Nullable Consumer<Fd> attachListener;
    private final Slot<Fd> root = new Slot<>("the root file system", "PrepareRoot");
    private final Slot<Fd> proc = new Slot<>("the private procfs", "OpenPrivateProc");
    private final Slot<Fd> terminal = new Slot<>("the terminal's master", "OpenTerminal");

    /** Starts processes, and speaks with what is no kernel. */
    public interface Spawner {
        /** Starts the child's program, which then makes the calls that it receives. */
        Spawned spawn(String name);

        /** Collects a process of {@link #spawn} whose conversation is over. */
        void reap(int pid);

        /**
         * As {@link #reap}, at the latest with the last thing that is done: nothing waits for it.
         */
        default void reapLater(int pid) {
            reap(pid);
        }

        /** A process in the runtime's namespaces that makes the calls it receives: runs hooks. */
        Kernel hookParent();

        /** Stores what must be taken back should the runtime be killed. */
        void setCleanup(Rollback rollback);

        /** Has a conversation with another program that is not made of a kernel's calls. */
        void exchange(Runnable conversation);

        /** The environment of the caller, for hooks that have none of their own. */
        List<String> environment();

        /** Whether the caller allows an annotation that may come from an image. */
        default boolean allows(String annotation) {
            return false;
        }
    }

    /**
     * A process that was started.
     *
     * @param pid as the runtime sees it
     */
    public record Spawned(Kernel kernel, int pid) {}

    /** A context in which nothing but the runtime exists. */
    public SetupContext(Kernel runtime, Spawner spawner) {
        this.runtime = runtime;
        this.spawner = spawner;
        this.helpers = new Helpers(this, spawner);
        rollback.push(this::close);
    }

    /**
     * A context in which init exists already: it waits to be started, and is not this set-up's to
     * end.
     *
     * @param home of its user
     */
    public static SetupContext withInit(
            Kernel runtime, Spawner spawner, Kernel init, int pid, String home) {
        SetupContext context = new SetupContext(runtime, spawner);
        context.init.set(new ChildProcess(runtime, spawner, new Spawned(init, pid)));
        context.program.setHome(home);
        return context;
    }

    /** The process that runs this code. */
    public Kernel runtime() {
        return runtime;
    }

    /** What must be taken back if the set-up does not succeed. */
    public Rollback rollback() {
        return rollback;
    }

    /** What is known of the cgroups. */
    public CgroupSlots cgroups() {
        return cgroups;
    }

    /** What is known of the program. */
    public ProgramSlots program() {
        return program;
    }

    /** Processes that a few mounts need, started when first asked for. */
    public Helpers helpers() {
        return helpers;
    }

    /** The parent of hooks that run in the runtime's namespaces. */
    public Kernel hookParent() {
        return spawner.hookParent();
    }

    /** Whether the caller allows an annotation that may come from an image. */
    public boolean allows(String annotation) {
        return spawner.allows(annotation);
    }

    /** Has the program keep the supplementary groups that the caller has. */
    public void keepGroups() {
        keepsGroups = true;
    }

    /** Whether the program keeps the supplementary groups that the caller has. */
    public boolean keepsGroups() {
        return keepsGroups;
    }

    /** The environment of the caller. */
    public List<String> callerEnvironment() {
        return spawner.environment();
    }

    /** Has a conversation with another program, as over D-Bus; a dry run leaves it out. */
    public void exchange(Runnable conversation) {
        spawner.exchange(conversation);
    }

    /** Starts the stage. */
    public void startStage() {
        Spawned spawned = spawner.spawn(Actor.STAGE.word());
        attribute(spawned.kernel());
        stage.set(new ChildProcess(runtime, spawner, spawned));
        rollback.push(stage.get());
    }

    /** The process that joins and creates namespaces. */
    public Kernel stage() {
        return stage.get().kernel();
    }

    /** The stage's pid as the runtime sees it. */
    public int stagePid() {
        return stage.get().pid();
    }

    /** Returns whether {@code pids} are the stage and nothing else. */
    public boolean isStageAlone(List<Integer> pids) {
        return stage.find().map(ChildProcess::pid).map(List::of).filter(pids::equals).isPresent();
    }

    /** Ends the stage and the helpers: init is on its own. */
    public void endStage() {
        helpers.close();
        stage.get().dismiss();
    }

    /** Ends all processes: they have done their work. */
    public void endAll() {
        init.get().dismiss();
        endStage();
    }

    /** The container's first process, or the process that an exec adds. */
    public Kernel init() {
        return init.get().kernel();
    }

    /** Init's pid as the runtime sees it. */
    public int initPid() {
        return init.get().pid();
    }

    /** Whether init exists. */
    public boolean hasInit() {
        return init.find().isPresent();
    }

    /** Sets init, which is ended should the set-up fail. */
    public void setInit(Kernel kernel, int pid) {
        attribute(kernel);
        init.set(new ChildProcess(runtime, spawner, new Spawned(kernel, pid)));
        rollback.push(init.get());
        spawner.setCleanup(rollback);
    }

    /** The root file system, open in init. */
    public Fd root() {
        return root.get();
    }

    /**
     * Returns whether the root file system is open in another process than init: then the container
     * runs already, init makes mounts where the container does not reach them, and that process
     * attaches them.
     */
    public boolean mountsLive() {
        Optional<Fd> open = root.find();
        return open.isPresent() && open.get().kernel() != init();
    }

    /**
     * Returns the detached {@code tree} for calls of the process that the root is open in. If that
     * is another one, the original is closed.
     */
    public Fd takenToRoot(Fd tree) {
        if (!mountsLive()) {
            return tree;
        }
        Kernel there = root().kernel();
        try (Fd exported = tree.kernel() == runtime ? tree : export(tree)) {
            Fd taken = there.descriptors().duplicate(exported);
            there.flush();
            tree.close();
            return taken;
        }
    }

    /** Has {@code listener} receive each tree just before it is attached to the container. */
    public void beforeAttach(Consumer<Fd> listener) {
        attachListener = listener;
    }

    /** Notes that {@code tree} is about to be attached. */
    public void noteAttach(Fd tree) {
        if (attachListener != null) {
            attachListener.accept(tree);
        }
    }

    /** Sets the root file system. */
    public void setRoot(Fd tree) {
        root.set(tree);
    }

    /** A procfs of the container's own that no other process can reach, open in init. */
    public Fd proc() {
        return proc.get();
    }

    /** Sets the private procfs. */
    public void setProc(Fd tree) {
        proc.set(tree);
    }

    /** The master of the container's terminal, open in the runtime; empty without one. */
    public Optional<Fd> terminal() {
        return terminal.find();
    }

    /** Sets the terminal's master. */
    public void setTerminal(Fd master) {
        terminal.set(master);
    }

    /** Brings a descriptor that is open in another process to the runtime. */
    public Fd export(Fd fd) {
        return askFor(fd).requireAttached();
    }

    /** Asks for a descriptor that is open in another process: {@link Call#requireAttached}. */
    public Call askFor(Fd fd) {
        return new Call(fd.kernel(), ChildOp.ATTACH, fd.name(), fd).submit();
    }

    /** Notes the step whose calls follow. */
    void attribute(Step step) {
        underWay = step;
        stage.find().ifPresent(process -> process.kernel().attribute(step));
        init.find().ifPresent(process -> process.kernel().attribute(step));
    }

    private void attribute(Kernel process) {
        if (underWay != null) {
            process.attribute(underWay);
        }
    }

    /** Makes all processes catch up. */
    void flush() {
        runtime.flush();
        stage.find().ifPresent(ChildProcess::flush);
        init.find().ifPresent(ChildProcess::flush);
        helpers.flush();
    }

    /** Closes what steps have opened in the runtime for later ones. */
    private void close() {
        cgroups.close();
        terminal.find().ifPresent(Fd::close);
    }
}
