// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.List;
import java.util.Set;

/** System calls about processes and their namespaces. */
public final class Processes {
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_NAME = 15;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int CLONE_ARGS_BYTES = 88;
    private static final int CLONE_ARGS_CGROUP = 80;
    private static final int CLONE_ARGS_EXIT_SIGNAL = 32;
    private static final int WNOHANG = 1;
    private static final long PIDFD_GET_INFO = 0xc040_ff0bL;
    private static final long PIDFD_INFO_EXIT = 1 << 3;
    private static final int PIDFD_INFO_BYTES = 64;
    private static final int PIDFD_INFO_EXIT_CODE = 60;
    private static final short POLLIN = 1;

    private static final String NAMESPACE_LIMIT =
            "a limit on namespaces in /proc/sys/user is reached";

    private final Kernel kernel;

    Processes(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Creates a process that makes calls for Java, like this one: {@link Kernel#bornOf} returns its
     * kernel. clone3(2). With {@link CloneFlag#PARENT} it is a child of this process's parent.
     */
    public Call cloneProcess(Set<CloneFlag> flags) {
        return clone(flags, cloneArgs(flags));
    }

    /** As {@link #cloneProcess(Set)}, in a v2 cgroup by its directory; Linux 5.7. */
    public Call cloneProcess(Set<CloneFlag> flags, Fd cgroup) {
        return clone(flags, cloneArgs(flags).put(CLONE_ARGS_CGROUP, cgroup));
    }

    private static Arg.Struct cloneArgs(Set<CloneFlag> flags) {
        String shown = "{flags=" + Flag.names(flags) + "}";
        Arg.Struct args = Arg.struct(CLONE_ARGS_BYTES, shown).putLong(0, Flag.bits(flags));
        if (!flags.contains(CloneFlag.PARENT)) {
            args.putLong(CLONE_ARGS_EXIT_SIGNAL, Signal.SIGCHLD);
        }
        return args;
    }

    private Call clone(Set<CloneFlag> flags, Arg.Struct args) {
        Arg size = Arg.of(CLONE_ARGS_BYTES);
        Call call = new Call(kernel, ChildOp.CLONE, Flag.names(flags), args, size);
        call.hint(Errno.ENOSPC, NAMESPACE_LIMIT);
        call.hint(
                Errno.EPERM,
                "an ordinary user needs a user namespace for the others, see Linux.uidMappings");
        return call.submit();
    }

    /** Moves this process into new namespaces. unshare(2). */
    public void unshare(Set<CloneFlag> flags) {
        call(Syscall.UNSHARE, Flag.names(flags), new Arg.Flags(flags))
                .hint(Errno.ENOSPC, NAMESPACE_LIMIT)
                .submit();
    }

    /** Moves this process into an existing namespace, which must be of this type. setns(2). */
    public Call joinNamespace(Fd namespace, CloneFlag type) {
        Arg flags = new Arg.Flags(Set.of(type));
        Call call = call(Syscall.SETNS, namespace.name(), namespace, flags);
        return call.hint(
                Errno.EINVAL,
                "not a namespace of this type, or a user namespace that is ours already");
    }

    /** Starts a new session, without a terminal. setsid(2). */
    public void newSession() {
        call(Syscall.SETSID, "").submit();
    }

    /** sethostname(2). */
    public void setHostname(String name) {
        Arg length = Arg.of(((Arg.Data) Arg.text(name)).bytes().length - 1);
        call(Syscall.SETHOSTNAME, name, Arg.text(name), length).submit();
    }

    /** setdomainname(2). */
    public void setDomainname(String name) {
        Arg length = Arg.of(((Arg.Data) Arg.text(name)).bytes().length - 1);
        call(Syscall.SETDOMAINNAME, name, Arg.text(name), length).submit();
    }

    /** Sets the execution domain, which changes what uname(2) returns. personality(2). */
    public Call setPersonality(long persona, String name) {
        return call(Syscall.PERSONALITY, name, Arg.of(persona));
    }

    /** Whether others of the same user may trace this process. prctl(2), PR_SET_DUMPABLE. */
    public void setDumpable(boolean dumpable) {
        prctl("PR_SET_DUMPABLE", PR_SET_DUMPABLE, dumpable ? 1 : 0);
    }

    /** The name that ps(1) shows, at most 15 bytes. prctl(2), PR_SET_NAME. */
    public void setName(String name) {
        call(Syscall.PRCTL, name, Arg.of(PR_SET_NAME), Arg.text(name)).submit();
    }

    /** Orphans below this process become its children. prctl(2), PR_SET_CHILD_SUBREAPER. */
    public Call adoptOrphans() {
        Arg option = Arg.of(PR_SET_CHILD_SUBREAPER);
        return call(Syscall.PRCTL, "PR_SET_CHILD_SUBREAPER", option, Arg.of(1));
    }

    /** The kernel kills this process when its parent ends. prctl(2), PR_SET_PDEATHSIG. */
    public void dieWithParent() {
        prctl("PR_SET_PDEATHSIG", PR_SET_PDEATHSIG, Signal.SIGKILL);
    }

    private void prctl(String name, int option, long value) {
        call(Syscall.PRCTL, name, Arg.of(option), Arg.of(value)).submit();
    }

    /**
     * Sets a limit of process {@code pid}, 0 for this one; -1 is no limit. prlimit(2).
     *
     * @param resource the number of {@code name}, which is for messages: 7, RLIMIT_NOFILE
     */
    public Call setLimit(int pid, int resource, String name, long soft, long hard) {
        String shown = "{soft=" + shownLimit(soft) + ", hard=" + shownLimit(hard) + "}";
        Arg limit = Arg.struct(16, shown).putLong(0, soft).putLong(8, hard);
        Arg number = Arg.of(resource);
        Call call = call(Syscall.PRLIMIT64, name, Arg.of(pid), number, limit, Arg.NULL);
        return call.hint(Errno.EPERM, "raising a hard limit needs CAP_SYS_RESOURCE");
    }

    private static String shownLimit(long limit) {
        return limit == -1 ? "RLIM_INFINITY" : Long.toUnsignedString(limit);
    }

    /** Returns the limits of process {@code pid}, 0 for this one: soft, hard. prlimit(2). */
    public long[] limits(int pid, int resource) {
        Arg.Out out = Arg.out(16);
        Arg number = Arg.of(resource);
        call(Syscall.PRLIMIT64, "pid " + pid, Arg.of(pid), number, Arg.NULL, out).submit().result();
        return new long[] {out.buffer().getLong(0), out.buffer().getLong(8)};
    }

    /**
     * Returns a descriptor of a process, which no later process can be taken for. pidfd_open(2).
     */
    public Fd openPid(int pid) {
        Call call = call(Syscall.PIDFD_OPEN, "pid " + pid, Arg.of(pid), Arg.of(0));
        call.tolerate(Errno.ESRCH).submit();
        return Fd.openedBy(call, kernel, "pid " + pid);
    }

    /**
     * Gets a copy of a descriptor that another process has open under this number; EBADF, it has
     * none, is an answer. pidfd_getfd(2), Linux 5.6.
     */
    public Fd descriptorOf(Fd pidfd, int number, String name) {
        Call call = call(Syscall.PIDFD_GETFD, name, pidfd, Arg.of(number), Arg.of(0));
        call.tolerate(Errno.EBADF, Errno.ESRCH)
                .hint(Errno.EPERM, "it takes the right to trace the process, see ptrace(2)")
                .submit();
        return Fd.openedBy(call, kernel, name);
    }

    /**
     * Returns the wait(2) status of a process that its parent has reaped; -1 if it still exists, or
     * the kernel does not support this. Linux 6.15, PIDFD_GET_INFO with PIDFD_INFO_EXIT.
     */
    public int exitStatus(Fd pidfd) {
        Arg.Out info = Arg.out(PIDFD_INFO_BYTES);
        info.buffer().putLong(0, PIDFD_INFO_EXIT);
        Arg request = Arg.of(PIDFD_GET_INFO);
        Call call = call(Syscall.IOCTL, "PIDFD_GET_INFO", pidfd, request, info);
        boolean answered = call.tolerateAll().submit().result() == 0;
        boolean ended = answered && (info.buffer().getLong(0) & PIDFD_INFO_EXIT) != 0;
        return ended ? info.buffer().getInt(PIDFD_INFO_EXIT_CODE) : -1;
    }

    /** Sends a signal; ESRCH, the process is gone, is an answer. pidfd_send_signal(2). */
    public boolean signal(Fd pidfd, int signal) {
        Call call =
                call(
                        Syscall.PIDFD_SEND_SIGNAL,
                        pidfd.name(),
                        pidfd,
                        Arg.of(signal),
                        Arg.NULL,
                        Arg.of(0));
        return call.tolerate(Errno.ESRCH).submit().result() == 0;
    }

    /** As {@link #signal}, but nothing waits for the answer. */
    public void submitSignal(Fd pidfd, int signal) {
        Arg[] args = {pidfd, Arg.of(signal), Arg.NULL, Arg.of(0)};
        new Call(kernel, Syscall.PIDFD_SEND_SIGNAL, pidfd.name(), args).tolerateAll().submit();
    }

    /** Sends a signal by number; ESRCH, the process is gone, is an answer. kill(2). */
    public boolean kill(int pid, int signal) {
        Call call = call(Syscall.KILL, "pid " + pid, Arg.of(pid), Arg.of(signal));
        return call.tolerate(Errno.ESRCH).submit().result() == 0;
    }

    /** Sends a signal by number, whether or not the process is still there. kill(2). */
    public Call submitKill(int pid, int signal) {
        return call(Syscall.KILL, "pid " + pid, Arg.of(pid), Arg.of(signal)).tolerateAll().submit();
    }

    /** Waits until the process has ended; false if the time is over. ppoll(2). */
    public boolean awaitEnd(Fd pidfd, long millis) {
        return awaitReadable(pidfd, millis);
    }

    /** As {@link #awaitEnd}, but nothing waits for the answer. */
    public void submitAwaitEnd(Fd pidfd, long millis) {
        pollCall(pidfd, POLLIN, millis).submit();
    }

    /** Waits for input, or until all writers are gone. ppoll(2). */
    public boolean awaitReadable(Fd fd, long millis) {
        return poll(fd, POLLIN, millis);
    }

    /** Waits until the other end of the socket is closed; false after the time limit. ppoll(2). */
    public boolean awaitHangup(Fd socket, long millis) {
        return poll(socket, (short) 0, millis);
    }

    /**
     * As {@link #awaitEnd}, but also ends when this kernel's conversation is closed: otherwise its
     * process would wait for another one after Java has gone. ppoll(2).
     */
    public boolean awaitEndOrHangup(Fd pidfd, long millis) {
        Call number = new Call(kernel, ChildOp.CONTROL, "").tolerateAll().submit();
        Fd control = Fd.openedBy(number, kernel, "control");
        Arg.Struct polled = Arg.struct(16, pidfd.toString()).putFd(0, pidfd).putShort(4, POLLIN);
        polled.putFd(8, control);
        return pollCall(pidfd.name(), polled, 2, millis).submit().result() > 0;
    }

    private boolean poll(Fd fd, short events, long millis) {
        return pollCall(fd, events, millis).submit().result() > 0;
    }

    private Call pollCall(Fd fd, short events, long millis) {
        Arg polled = Arg.struct(8, fd.toString()).putFd(0, fd).putShort(4, events);
        return pollCall(fd.name(), polled, 1, millis);
    }

    private Call pollCall(String name, Arg polled, int count, long millis) {
        Arg timeout =
                Arg.struct(16, millis + " ms")
                        .putLong(0, millis / 1000)
                        .putLong(8, millis % 1000 * 1_000_000);
        Arg none = Arg.NULL;
        return call(Syscall.PPOLL, name, polled, Arg.of(count), timeout, none, Arg.of(8));
    }

    /**
     * Collects the exit status of a child; ECHILD, it is no child of this process, is tolerated.
     * wait4(2).
     */
    public Call reap(int pid) {
        Arg none = Arg.NULL;
        return call(Syscall.WAIT4, "pid " + pid, Arg.of(pid), none, Arg.of(0), none)
                .tolerate(Errno.ECHILD)
                .submit();
    }

    /** Waits for a child: its wait(2) status, or -1 if it is none. wait4(2). */
    public int await(int pid, boolean block) {
        Arg.Out status = Arg.out(8);
        Arg options = Arg.of(block ? 0 : WNOHANG);
        Call call = call(Syscall.WAIT4, "pid " + pid, Arg.of(pid), status, options, Arg.NULL);
        long ended = call.tolerate(Errno.ECHILD).submit().result();
        return ended == pid ? status.buffer().getInt(0) : -1;
    }

    /** Becomes another program. execve(2). */
    public void exec(String path, List<String> args, List<String> env) {
        execution(path, args, env).submit();
    }

    /** As {@link #exec}, to be given hints before it is submitted. */
    public Call execution(String path, List<String> args, List<String> env) {
        return call(Syscall.EXECVE, path, Arg.text(path), Arg.texts(args), Arg.texts(env));
    }

    /** Becomes the program that {@code file} holds. execveat(2). */
    public void exec(Fd file, List<String> args, List<String> env) {
        execution(file, args, env).submit();
    }

    /** As the other, to be given hints before it is submitted. */
    public Call execution(Fd file, List<String> args, List<String> env) {
        Arg[] texts = {Arg.text(""), Arg.texts(args), Arg.texts(env)};
        Arg flags = Arg.of(AT_EMPTY_PATH);
        return call(Syscall.EXECVEAT, file.name(), file, texts[0], texts[1], texts[2], flags);
    }

    /** Ends the process. exit_group(2). */
    public void exit(int status) {
        call(Syscall.EXIT_GROUP, "", Arg.of(status)).submit();
    }

    /** Marks all descriptors from {@code first} on to be closed by execve(2). close_range(2). */
    public void closeOnExec(int first) {
        closeRange(first, CLOSE_RANGE_CLOEXEC);
    }

    /** Closes all descriptors from {@code first} on, of every owner. close_range(2). */
    public void closeAll(int first) {
        closeRange(first, 0);
    }

    private void closeRange(int first, int flags) {
        Arg last = Arg.of(0xffffffffL);
        call(Syscall.CLOSE_RANGE, "", Arg.of(first), last, Arg.of(flags)).submit();
    }

    private Call call(Syscall syscall, String subject, Arg... args) {
        return new Call(kernel, syscall, subject, args);
    }
}
