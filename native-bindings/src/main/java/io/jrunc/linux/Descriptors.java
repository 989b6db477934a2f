// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.EnumSet;

/** System calls about what is open: descriptors, locks, pipes, files in memory. */
public final class Descriptors {
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_ADD_SEALS = 1033;
    private static final int ALL_SEALS = 0xf;
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;

    private final Kernel kernel;

    Descriptors(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Locks the file for this open description until it is closed. flock(2). */
    public void lock(Fd file) {
        call(Syscall.FLOCK, file.name(), file, Arg.of(LOCK_EX)).submit();
    }

    /** As {@link #lock}, but without waiting: false if another description has it. LOCK_NB. */
    public boolean tryLock(Fd file) {
        Arg how = Arg.of(LOCK_EX | LOCK_NB);
        return call(Syscall.FLOCK, file.name(), file, how).tolerate(Errno.EAGAIN).submit().result()
                == 0;
    }

    /** Returns whether no process holds the lock exclusively. flock(2) with LOCK_NB. */
    public boolean isUnlocked(Fd file) {
        Arg how = Arg.of(LOCK_SH | LOCK_NB);
        return call(Syscall.FLOCK, file.name(), file, how).tolerate(Errno.EAGAIN).submit().result()
                == 0;
    }

    /**
     * Unlocks the file, also if other processes share its open file description; closing the last
     * descriptor does the same. flock(2), LOCK_UN.
     */
    public void unlock(Fd file) {
        call(Syscall.FLOCK, file.name(), file, Arg.of(LOCK_UN)).tolerateAll().submit();
    }

    /** Returns a file in memory. memfd_create(2). */
    public Fd memoryFile(String name) {
        Arg flags = Arg.of(MFD_CLOEXEC | MFD_ALLOW_SEALING);
        return opened(call(Syscall.MEMFD_CREATE, name, Arg.text(name), flags), name);
    }

    /** Seals the memory file: no process can change it again. fcntl(2), F_ADD_SEALS. */
    public void seal(Fd memoryFile) {
        fcntl(memoryFile, F_ADD_SEALS, ALL_SEALS).result();
    }

    /** Another descriptor of the same open file, in this kernel's process. fcntl(2). */
    public Fd duplicate(Fd file) {
        return duplicateAbove(file, 2);
    }

    /** As {@link #duplicate}, with a number above {@code number}. */
    public Fd duplicateAbove(Fd file, int number) {
        Arg command = Arg.of(F_DUPFD_CLOEXEC);
        Call call = call(Syscall.FCNTL, file.name(), file, command, Arg.of(number + 1L));
        return opened(call, file.name());
    }

    /** Returns whether this number is open and was meant to be inherited. fcntl(2), F_GETFD. */
    public boolean isInheritable(Fd file) {
        Arg command = Arg.of(F_GETFD);
        return call(Syscall.FCNTL, file.name(), file, command).tolerateAll().submit().result() == 0;
    }

    /** Lets the descriptor survive execve(2). fcntl(2), F_SETFD. */
    public void keepAcrossExec(Fd file) {
        fcntl(file, F_SETFD, 0);
    }

    private Call fcntl(Fd file, int command, int argument) {
        return call(Syscall.FCNTL, file.name(), file, Arg.of(command), Arg.of(argument)).submit();
    }

    /** Returns a pipe: the end to read from, the end to write to. pipe2(2). */
    public Fd[] pipe(String name) {
        Arg.Out both = Arg.out(8);
        Arg flags = new Arg.Flags(EnumSet.of(OpenFlag.CLOEXEC));
        call(Syscall.PIPE2, name, both, flags).submit().result();
        return new Fd[] {
            Fd.of(kernel, both.buffer().getInt(0), name),
            Fd.of(kernel, both.buffer().getInt(4), name)
        };
    }

    /** Makes {@code number} stand for what {@code file} does. dup3(2). */
    public void duplicateTo(Fd file, int number) {
        call(Syscall.DUP3, file.name(), file, Arg.of(number), Arg.of(0)).submit();
    }

    /** Makes {@code number} stand for the descriptor that {@code found} results in. dup3(2). */
    public Call duplicateTo(Call found, int number) {
        Arg file = new Arg.Result(found);
        return call(Syscall.DUP3, found.subject(), file, Arg.of(number), Arg.of(0));
    }

    /** ioctl(2) with a structure. */
    public Call ioctl(Fd file, String what, long request, Arg argument) {
        return call(Syscall.IOCTL, what, file, Arg.of(request), argument);
    }

    private Fd opened(Call call, String name) {
        return Fd.openedBy(call.submit(), kernel, name);
    }

    private Call call(Syscall syscall, String subject, Arg... args) {
        return new Call(kernel, syscall, subject, args);
    }
}
