// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.launcher;

import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.linux.AbsolutePath;
import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Strings;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.child.ChildKernel;
import io.jrunc.linux.child.ChildProgram;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.setup.SetupContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The program that the caller started, at the other end of a socket. Processes are its children, so
 * that the caller sees what it would see of any runtime.
 */
public final class Launcher implements ProcessSpawner {
    /** Ends of a process that an exit report can explain; launcher.c has the bits, too. */
    public enum ExitReport {
        SIGKILL(1),
        SIGSYS(2);

        private final int bit;

        ExitReport(int bit) {
            this.bit = bit;
        }

        static int bits(Set<ExitReport> exitReports) {
            int bits = 0;
            for (ExitReport exitReport : exitReports) {
                bits |= exitReport.bit;
            }
            return bits;
        }
    }

    private static final int FILE_MODE = 0644;

    /** What begins so is another file for each process. */
    private static final List<String> OF_ONE_PROCESS =
            List.of("/proc/self", "/proc/thread-self", "/dev/fd", "/dev/std");

    private static final String OWN = "/proc/self";

    private final ChildKernel kernel;
    private final Request request;
    private final List<Integer> dismissed = new ArrayList<>(1);

    /** Where proc(5) shows it, or this program, which is in the same place. */
    private final String proc;

    private List<String> allowedAnnotations = List.of();
    private Optional<String> ownHandlers = Optional.empty();
    private @Nullable LauncherWatch watch;

    public Launcher(Fd socket, Request request) {
        this(socket, request, OWN);
    }

    /**
     * One that is watched already.
     *
     * @param watch what ends this program after the launcher; otherwise it is made when needed
     */
    public Launcher(Fd socket, Request request, LauncherWatch watch) {
        this(socket, request, OWN);
        this.watch = watch;
    }

    private Launcher(Fd socket, Request request, String proc) {
        this.kernel = new ChildKernel(socket, "launcher");
        this.request = request;
        this.proc = proc;
    }

    /**
     * Returns one whose requests this program serves among those of others: it outlives them.
     *
     * @param pid of the launcher
     */
    public static Launcher served(Fd socket, Request request, int pid) {
        return new Launcher(socket, request, "/proc/" + pid);
    }

    /** Returns whether this program serves the launcher's request among those of others. */
    public boolean isServed() {
        return !proc.equals(OWN);
    }

    /** Returns the file that names the caller's cgroups. cgroups(7). */
    public String cgroups() {
        return proc + "/cgroup";
    }

    /** Returns whether the launcher has ended or closed the conversation. */
    public boolean hasHungUp() {
        return LocalKernel.get().processes().awaitHangup(socket(), 0);
    }

    /** Ends all conversations about the request, from any thread: what waits for one fails. */
    public void interrupt() {
        kernel.interrupt();
    }

    /** The launcher becomes another program: this conversation is over. */
    public void become(List<String> command, List<String> environment) {
        kernel.processes().exec(command.get(0), command, environment);
        kernel.finish();
    }

    @Override
    public SetupContext.Spawned spawn(String name, int preserved) {
        Call clone = kernel.processes().cloneProcess(Set.of());
        int pid = (int) clone.result();
        ChildKernel process = kernel.bornOf(clone, name);
        try (Fd program = ChildProgram.sealed()) {
            ChildProgram.exec(process, program, preserved);
        } catch (Failure | Error e) {
            process.close(); // it ends
            throw e;
        }
        return new SetupContext.Spawned(process, pid);
    }

    @Override
    public Kernel hookParent() {
        return kernel;
    }

    @Override
    public void reap(int pid) {
        try {
            kernel.processes().reap(pid);
            kernel.flush();
        } catch (Failure f) {
            if (f.code() != Failure.Code.PROCESS_DIED) {
                throw f;
            }
            // The launcher was killed; the reaper that inherits its children reaps this one.
        }
    }

    @Override
    public void reapLater(int pid) {
        dismissed.add(pid);
    }

    /** Submits what collects the dismissed processes, with a call that is made anyway. */
    private void reapDismissed() {
        for (int pid : dismissed) {
            kernel.processes().reap(pid);
        }
        dismissed.clear();
    }

    @Override
    public void setCleanup(Consumer<Kernel> removal) {
        watch();
        kernel.flush(); // what is still to be done is not part of the cleanup batch
        removal.accept(kernel);
        kernel.sendAsCleanup();
    }

    /**
     * From now on this program does not outlive the launcher for long, whatever it waits for. A
     * resident runtime does, and interrupts the request instead.
     */
    public void watch() {
        if (watch == null && !isServed()) {
            watch = new LauncherWatch(socket());
            watch.start();
        }
    }

    @Override
    public void include(ChildKernel conversation) {
        kernel.include(conversation);
    }

    @Override
    public boolean endsContainers() {
        return false;
    }

    /** The caller allows these annotations, which an image may have brought. */
    public void allow(List<String> annotations) {
        allowedAnnotations = annotations;
    }

    /** The caller describes handlers in this directory. */
    public void describeHandlersIn(Optional<String> directory) {
        ownHandlers = directory;
    }

    @Override
    public List<String> handlerDirectories() {
        List<String> directories = new ArrayList<>();
        ownHandlers.ifPresent(directories::add);
        directories.add("/etc/jrunc/handlers.d");
        directories.add(System.getProperty("jrunc.home", "/usr/") + "share/handlers.d");
        return directories;
    }

    @Override
    public boolean allows(String annotation) {
        return allowedAnnotations.contains(annotation);
    }

    @Override
    public List<String> environment() {
        return request.environment();
    }

    @Override
    public Kernel caller() {
        return kernel;
    }

    /**
     * Opens what the caller names by {@code path}, with its descriptors, its working directory and
     * its root: in this process {@code /dev/fd/5} is another file. Here it is a descriptor of ours.
     */
    public Fd open(String path, OpenFlag... flags) {
        return bring(kernel.files().open(path, flags), path);
    }

    /** As {@link #open}; a file that is not there is made, for all to read. */
    public Fd openOrCreate(String path, OpenFlag... flags) {
        Files files = kernel.files();
        return bring(files.openOrCreate(files.here(), path, FILE_MODE, flags), path);
    }

    private Fd bring(Fd opened, String path) {
        Call sent = new Call(kernel, ChildOp.ATTACH, path, opened).submit();
        opened.close();
        return sent.requireAttached().renamed(path);
    }

    /** Returns the directory that the caller names by {@code path}, as an absolute path. */
    public String directory(String path) {
        String absolute = AbsolutePath.clean(request.absolute(path));
        boolean isRelative = !path.startsWith("/");
        if (!isOfOneProcess(absolute) && !(isRelative && !request.directory().startsWith("/"))) {
            return absolute;
        }
        Files files = kernel.files();
        try (Fd directory = files.open(path, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            String link = "/proc/self/fd/" + directory.number();
            String found = kernel.directories().readLink(files.here(), link);
            if (!found.startsWith("/") || found.endsWith(" (deleted)")) {
                throw Failure.of(
                        Failure.Code.USAGE,
                        path
                                + ": the directory was removed, or is not below the root; name another",
                        path,
                        Errno.ENOENT,
                        "");
            }
            return found;
        }
    }

    private static boolean isOfOneProcess(String path) {
        for (String beginning : OF_ONE_PROCESS) {
            if (path.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /** Returns what hangs up when the launcher is gone; lent. */
    public Fd socket() {
        return kernel.socket();
    }

    /** From now on orphans among the container's processes are the launcher's to reap. */
    public void adoptOrphans() {
        kernel.processes().adoptOrphans().tolerateAll().submit();
    }

    /**
     * Once this program is gone, the launcher waits for {@code pid} and ends with its exit status.
     *
     * @param terminal the master of the container's terminal, if it has one
     * @param removal submits what to do then
     * @param cleanupCommand the arguments of a command that removes what that could not
     * @param exitReports after which ends the cleanup command is wanted in any case
     */
    public void supervise(
            int pid,
            Optional<Fd> terminal,
            Consumer<Kernel> removal,
            List<String> cleanupCommand,
            Set<ExitReport> exitReports) {
        kernel.flush();
        removal.accept(kernel);
        if (watch != null) {
            watch.dismiss(); // a recorder stays as long as the container
        }
        // Not yet the cleanup batch: were we killed now, the container would have to end first.
        kernel.sendAsNextCleanup();
        StringBuilder text = new StringBuilder();
        for (String argument : cleanupCommand) {
            text.append(argument).append('\0');
        }
        byte[] bytes = Strings.encode(text.toString());
        Arg master = terminal.isPresent() ? terminal.get() : Arg.of(-1);
        Arg[] args = {
            Arg.of(pid),
            master,
            Arg.of(cleanupCommand.size()),
            Arg.data(bytes, cleanupCommand.toString()),
            Arg.of(bytes.length),
            Arg.of(ExitReport.bits(exitReports))
        };
        reapDismissed();
        new Call(kernel, ChildOp.SUPERVISE, "pid " + pid, args).submit().result();
    }

    /** Returns its pid. */
    public int pid() {
        return (int) new Call(kernel, Syscall.GETPID, "").submit().result();
    }

    /** Returns whether the caller passed it a descriptor of this number. */
    public boolean hasInherited(int number) {
        return kernel.descriptors().isInheritable(Fd.of(kernel, number, "descriptor " + number));
    }

    /**
     * Makes the launcher forward the container's readiness after this program has exited. The
     * launcher does not end before that, unless the container does.
     *
     * @param from the container's socket
     * @param to connected to the service manager
     * @param init a pidfd of the container; empty if {@link #supervise} waits for it
     * @param mainPid the process to be named as the service's
     */
    public void relayReadiness(Fd from, Fd to, Optional<Fd> init, int mainPid) {
        String line = "MAINPID=" + mainPid + "\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        Arg watched = init.isPresent() ? init.get() : Arg.of(-1);
        Arg[] args = {from, to, watched, Arg.data(bytes, line), Arg.of(bytes.length)};
        new Call(kernel, ChildOp.RELAY_READINESS, "pid " + mainPid, args).submit().result();
    }

    /** Once this program is gone, the launcher ends with {@code status}. */
    public void end(int status) {
        end(status, false);
    }

    /** As {@link #end}; the launcher first carries out the cleanup batch, if there is one. */
    public void endAndRemove(int status) {
        end(status, true);
    }

    private void end(int status, boolean removes) {
        reapDismissed();
        Arg[] args = {Arg.of(status), Arg.of(removes ? 1 : 0)};
        new Call(kernel, ChildOp.END, "", args).submit().result();
    }
}
