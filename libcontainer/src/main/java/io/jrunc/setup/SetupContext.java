package io.jrunc.setup;

import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What the steps act on: the processes so far, and the descriptors that steps hand to later ones.
 */
public final class SetupContext {
    private final Kernel runtime;
    private final Spawner spawner;
    private Kernel stage;
    private int stagePid;
    private Kernel init;
    private int initPid;
    private Fd root;
    private Fd proc;
    private Fd unifiedCgroup;
    private final List<Fd> cgroupTasks = new ArrayList<>();
    private Fd memoryTasks;
    private final List<String> cgroupDirectories = new ArrayList<>();
    private final List<String> madeCgroups = new ArrayList<>();
    private String executable = "";
    private Failure doubt;
    private String home = "/";
    private Fd terminal;
    private final Helpers helpers;
    private final Deque<Undo> undos = new ArrayDeque<>();

    /** Starts the first process. */
    public interface Spawner {
        /** A process that is told what to do, running the child's program. */
        Spawned spawn(String name);

        /** Collects a process of {@link #spawn} whose conversation is over. */
        void reap(int pid);

        /** A process that is told what to do and has the runtime's namespaces, to run hooks. */
        Kernel hookParent();

        /** Hears of the container's first process. */
        void initIs(int pid);

        /** Has a conversation with another program that is not made of a kernel's calls. */
        void exchange(Runnable conversation);

        /** The environment of whoever asked for the container. */
        List<String> environment();
    }

    /**
     * A process that was started.
     *
     * @param pid as this process sees it
     */
    public record Spawned(Kernel kernel, int pid) {}

    /** A context in which nothing but the runtime exists. */
    public SetupContext(Kernel runtime, Spawner spawner) {
        this.runtime = runtime;
        this.spawner = spawner;
        this.helpers = new Helpers(this, spawner);
    }

    /** The process that runs this code. */
    public Kernel runtime() {
        return runtime;
    }

    /** Starts the stage. */
    public void startStage() {
        Spawned spawned = spawner.spawn(Actor.STAGE.word());
        stage = spawned.kernel();
        stagePid = spawned.pid();
    }

    /** Processes that a few mounts need, started when first asked for. */
    public Helpers helpers() {
        return helpers;
    }

    /** The parent of hooks that run in the runtime's namespaces. */
    public Kernel hookParent() {
        return spawner.hookParent();
    }

    /** The environment of whoever asked for the container. */
    public List<String> callerEnvironment() {
        return spawner.environment();
    }

    /** Has a conversation with another program, as over D-Bus; a dry run leaves it out. */
    public void exchange(Runnable conversation) {
        spawner.exchange(conversation);
    }

    /** The process that joins and creates namespaces. */
    public Kernel stage() {
        return stage;
    }

    /** The stage's pid as the runtime sees it; 0 before it was started. */
    public int stagePid() {
        return stagePid;
    }

    /** The container's first process. */
    public Kernel init() {
        return init;
    }

    /** The first process's pid as the runtime sees it; 0 before it was created. */
    public int initPid() {
        return initPid;
    }

    /** Takes note of the container's first process. */
    public void initIs(Kernel kernel, int pid) {
        init = kernel;
        initPid = pid;
        spawner.initIs(pid);
    }

    /** The root file system, open in init. */
    public Fd root() {
        return root;
    }

    /** Takes note of the root file system. */
    public void rootIs(Fd fd) {
        root = fd;
    }

    /** A procfs of the container's own that nobody else can reach, open in init. */
    public Fd proc() {
        return proc;
    }

    /** Takes note of the private procfs. */
    public void procIs(Fd fd) {
        proc = fd;
    }

    /**
     * The cgroup v2 directory that init is born into, open in the runtime; null if there is none.
     */
    public Fd unifiedCgroup() {
        return unifiedCgroup;
    }

    /** Takes note of the cgroup v2 directory. */
    public void unifiedCgroupIs(Fd directory) {
        unifiedCgroup = directory;
    }

    /** The files that a task joins its v1 cgroups through, open in the runtime. */
    public List<Fd> cgroupTasks() {
        return cgroupTasks;
    }

    /**
     * Takes note of the file in {@link #cgroupTasks} by which memory is charged to the container.
     */
    public void memoryTasksAre(Fd tasks) {
        memoryTasks = tasks;
    }

    /**
     * Has the container pay for the memory that init takes from here on, as for what an image makes
     * it copy. Elsewhere init joins late, so that set-up costs the container nothing; in the v2
     * hierarchy it is born where it belongs.
     */
    public void chargeMemory() {
        if (memoryTasks != null) {
            init.files().write(memoryTasks, "0");
            memoryTasks = null;
        }
    }

    /** The directories of cgroups that were not there before, those above the container's first. */
    public List<String> madeCgroups() {
        return madeCgroups;
    }

    /** The directories of the cgroups that are the container's own by now. */
    public List<String> cgroupDirectories() {
        return cgroupDirectories;
    }

    /** The program's path inside the container, once it was looked up. */
    public String executable() {
        return executable;
    }

    /** Takes note of the program. */
    public void executableIs(String path) {
        executable = path;
    }

    /**
     * Why the kernel may refuse to execute the program, which only it knows for certain; null if
     * there is nothing to say.
     */
    public Failure doubt() {
        return doubt;
    }

    /** Takes note of a reason for which the program may not run. */
    public void doubtIs(Failure reason) {
        doubt = reason;
    }

    /** The home directory of the program's user, "/" if the image knows none. */
    public String home() {
        return home;
    }

    /** Takes note of the home directory. */
    public void homeIs(String path) {
        home = path;
    }

    /** The master of the container's terminal, open in the runtime; null without one. */
    public Fd terminal() {
        return terminal;
    }

    /** Takes note of the terminal. */
    public void terminalIs(Fd master) {
        terminal = master;
    }

    /** Takes note of something that must be undone if the container is not made after all. */
    public void remember(Undo undo) {
        undos.push(undo);
    }

    /** What is to be undone, the last first; each is handed out once. */
    public List<Undo> takeUndos() {
        List<Undo> all = new ArrayList<>(undos);
        undos.clear();
        return all;
    }

    /** Brings a descriptor that is open in another process to the runtime. */
    public Fd export(Fd fd) {
        return new Call(fd.kernel(), ChildOp.ATTACH, fd.name(), fd).submit().attached();
    }

    /** Makes all processes catch up. */
    public void flush() {
        runtime.flush();
        if (stage != null) {
            stage.flush();
        }
        if (init != null) {
            init.flush();
        }
        helpers.flush();
    }

    /** Closes what steps have opened in the runtime for later ones, which there will not be. */
    public void letGo() {
        cgroupTasks.forEach(Fd::close);
        if (unifiedCgroup != null) {
            unifiedCgroup.close();
        }
        if (terminal != null) {
            terminal.close();
        }
    }

    /** The stage has done its work. */
    public void stageIsGone() {
        stage = null;
    }
}
