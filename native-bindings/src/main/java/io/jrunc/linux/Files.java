// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * System calls that open, read, write and examine files, and about where a process is in them.
 * Paths are relative to a directory descriptor. The names in a directory are {@link Directories},
 * what is open are {@link Descriptors}.
 */
public final class Files {
    private static final int MIB = 1 << 20;

    /** The most that {@link #readAll} reads. */
    public static final int MAX_BYTES = 8 * MIB;

    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EACCESS = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATFS_BYTES = 120;

    /** Most files are smaller, and memory for more would have to be cleared and copied. */
    private static final int FIRST_READ_BYTES = 1 << 12;

    private static final int READ_BYTES = 1 << 14;
    private static final int X_OK = 1;

    private final Kernel kernel;

    Files(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Returns the same process's calls about the names in a directory. */
    public Directories directories() {
        return kernel.directories();
    }

    /** Returns the same process's calls about descriptors. */
    public Descriptors descriptors() {
        return kernel.descriptors();
    }

    /** Returns the current directory of the process, to open relative to. */
    public Fd here() {
        return Fd.currentDirectory(kernel);
    }

    /** Opens {@code path}, absolute or relative to {@link #here}. openat(2). */
    public Fd open(String path, OpenFlag... flags) {
        return openAt(here(), path, flags);
    }

    /** Opens {@code name} below {@code directory}. openat(2). */
    public Fd openAt(Fd directory, String name, OpenFlag... flags) {
        return opened(openCall(directory, name, flags, 0));
    }

    /** As {@link #openAt}, but {@link Fd#isOpen} returns whether it exists. */
    public Fd openIfExists(Fd directory, String name, OpenFlag... flags) {
        Call call = openCall(directory, name, flags, 0).tolerate(Errno.ENOENT);
        return opened(call);
    }

    /** As {@link #open}, but {@link Fd#isOpen} returns whether it exists and may be opened. */
    public Fd openIfReadable(String path, OpenFlag... flags) {
        Call call = openCall(here(), path, flags, 0);
        return opened(call.tolerate(Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES));
    }

    /**
     * Opens a handle of {@code path}, of any type, without an effect on the file. {@link Fd#isOpen}
     * returns whether it was found. openat(2) with O_PATH.
     */
    public Fd openHandle(String path) {
        return opened(handleCall(path));
    }

    /** As {@link #openHandle(String)}, if {@code before} succeeds. */
    public Fd openHandle(String path, Call before) {
        return opened(handleCall(path).after(before));
    }

    private Call handleCall(String path) {
        return openCall(here(), path, new OpenFlag[] {OpenFlag.PATH}, 0).tolerateAll();
    }

    /**
     * Opens the regular file behind {@code handle} for reading; empty for other types, because
     * opening a device may have an effect, and opening a pipe waits. {@link Fd#isOpen} returns
     * whether it may be read. open(2) of /proc/self/fd, see proc(5).
     *
     * @param handle open in this process
     * @param stat of the handle
     */
    public Optional<Fd> openRegular(Fd handle, Stat stat) {
        if (!stat.isRegularFile()) {
            return Optional.empty();
        }
        Arg path = Arg.text("/proc/self/fd/" + handle.number());
        // Should a lease be held on it, nothing waits for that either.
        Arg.Flags read = flags(OpenFlag.RDONLY, OpenFlag.NONBLOCK, OpenFlag.NOCTTY);
        Call call = call(Syscall.OPENAT, handle.name(), here(), path, read);
        return Optional.of(opened(call.tolerateAll()));
    }

    /** Creates a file, which must not exist. openat(2) with O_CREAT and O_EXCL. */
    public Fd create(Fd directory, String name, int mode, OpenFlag... flags) {
        OpenFlag[] all = new OpenFlag[flags.length + 2];
        System.arraycopy(flags, 0, all, 0, flags.length);
        all[flags.length] = OpenFlag.CREAT;
        all[flags.length + 1] = OpenFlag.EXCL;
        return opened(openCall(directory, name, all, mode));
    }

    /** Creates the file if there is none, and opens it. openat(2) with O_CREAT. */
    public Fd openOrCreate(Fd directory, String name, int mode, OpenFlag... flags) {
        OpenFlag[] all = new OpenFlag[flags.length + 1];
        System.arraycopy(flags, 0, all, 0, flags.length);
        all[flags.length] = OpenFlag.CREAT;
        return opened(openCall(directory, name, all, mode));
    }

    private Call openCall(Fd directory, String name, OpenFlag[] flags, int mode) {
        Arg.Flags set = flags(flags);
        Arg path = Arg.text(name);
        String subject = pathOf(directory, name);
        return mode == 0
                ? call(Syscall.OPENAT, subject, directory, path, set)
                : call(Syscall.OPENAT, subject, directory, path, set, new Arg.Octal(mode));
    }

    /**
     * Opens a path as a process whose root is {@code root} would: no link leads outside.
     * openat2(2), Linux 5.6.
     *
     * @param tolerated errors that are answers; see {@link Fd#isOpen}
     */
    public Fd openInRoot(Fd root, String path, Set<OpenFlag> flags, Errno... tolerated) {
        return resolve(root, path, flags, EnumSet.of(ResolveFlag.IN_ROOT), tolerated);
    }

    /** As {@link #openInRoot}, and every error is an answer. */
    public Fd openInRootIfPossible(Fd root, String path, Set<OpenFlag> flags) {
        Call call = resolveCall(root, path, flags, EnumSet.of(ResolveFlag.IN_ROOT));
        return opened(call.tolerateAll());
    }

    /**
     * Opens a path and checks how its components resolve. openat2(2), Linux 5.6. If a rename or
     * mount anywhere on the host races with "..", the kernel answers EAGAIN: every {@link Kernel}
     * then tries again, some hundred times.
     */
    public Fd resolve(
            Fd directory,
            String path,
            Set<OpenFlag> flags,
            Set<ResolveFlag> resolve,
            Errno... tolerated) {
        Call call = resolveCall(directory, path, flags, resolve);
        return opened(call.tolerate(tolerated));
    }

    private Call resolveCall(
            Fd directory, String path, Set<OpenFlag> flags, Set<ResolveFlag> resolve) {
        Set<OpenFlag> all = EnumSet.of(OpenFlag.CLOEXEC);
        all.addAll(flags);
        Arg how =
                Arg.struct(
                                24,
                                "{flags=",
                                new Arg.Flags(all),
                                ", resolve=",
                                new Arg.Flags(resolve),
                                "}")
                        .putLong(0, Flag.bits(all))
                        .putLong(16, Flag.bits(resolve));
        String subject = pathOf(directory, path);
        return call(Syscall.OPENAT2, subject, directory, Arg.text(path), how, Arg.of(24));
    }

    /**
     * Reads until the end of the file; a {@link Failure} if there is no end in sight: nothing that
     * a container is made from is larger than {@link #MAX_BYTES}. read(2).
     */
    public byte[] readAll(Fd file) {
        return readAll(file, false);
    }

    /**
     * As {@link #readAll}, for a file that the kernel does not cut: a regular one, or one of /proc
     * or of a cgroup that is a single record. An answer that is shorter than asked for is its end,
     * which saves the call that would return nothing.
     */
    public byte[] readUncut(Fd file) {
        return readAll(file, true);
    }

    private byte[] readAll(Fd file, boolean shortIsLast) {
        int length = FIRST_READ_BYTES;
        byte[] part = read(file, length);
        if (part.length == 0 || shortIsLast && part.length < length) {
            return part;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (part.length > 0) {
            all.write(part, 0, part.length);
            if (all.size() > MAX_BYTES) {
                throw Failure.of(
                        Failure.Code.TOO_LARGE,
                        file.name() + " is larger than " + MAX_BYTES / MIB + " MiB",
                        file.name(),
                        Errno.EFBIG,
                        "");
            }
            if (shortIsLast && part.length < length) {
                break;
            }
            length = READ_BYTES;
            part = read(file, length);
        }
        return all.toByteArray();
    }

    /** Returns the text of a file, which is UTF-8. open(2), read(2). */
    public String readText(String path) {
        try (Fd file = open(path, OpenFlag.RDONLY)) {
            return readText(file);
        }
    }

    /** Reads text, which is UTF-8, until the end of the file. read(2). */
    public String readText(Fd file) {
        return new String(readAll(file), StandardCharsets.UTF_8);
    }

    /** Reads at most {@code length} bytes; none at the end of the file. read(2). */
    public byte[] read(Fd file, int length) {
        Arg.Out out = Arg.out(length);
        Call call = call(Syscall.READ, file.name(), file, out, Arg.of(length)).submit();
        int count = (int) call.result();
        byte[] bytes = new byte[count];
        System.arraycopy(out.bytes(), 0, bytes, 0, count);
        return bytes;
    }

    /** Reads at most {@code length} bytes from {@code offset} on. pread(2). */
    public byte[] readAt(Fd file, int length, long offset) {
        Arg.Out out = Arg.out(length);
        Call call =
                call(Syscall.PREAD64, file.name(), file, out, Arg.of(length), Arg.of(offset))
                        .submit();
        int count = (int) call.result();
        byte[] bytes = new byte[count];
        System.arraycopy(out.bytes(), 0, bytes, 0, count);
        return bytes;
    }

    /** Writes in one call, as the files of /proc and cgroups want it. write(2). */
    public Call write(Fd file, String text) {
        String subject = text.length() <= 64 ? text + " to " + file.name() : file.name();
        Arg.Data data = Arg.utf8(text);
        return call(Syscall.WRITE, subject, file, data, Arg.of(data.bytes().length)).submit();
    }

    /** Writes in one call, whether it succeeds or not. write(2). */
    public Call writeTolerantly(Fd file, byte[] bytes) {
        String shown = Arg.quoted(new String(bytes, StandardCharsets.UTF_8));
        Arg data = Arg.data(bytes, shown);
        return call(Syscall.WRITE, file.name(), file, data, Arg.of(bytes.length))
                .tolerateAll()
                .submit();
    }

    /** Writes all of it, in as many calls as it takes. write(2). */
    public void writeAll(Fd file, byte[] bytes) {
        int written = 0;
        while (written < bytes.length) {
            byte[] rest = new byte[bytes.length - written];
            System.arraycopy(bytes, written, rest, 0, rest.length);
            Arg data = Arg.data(rest, "[" + rest.length + " bytes]");
            Call call = call(Syscall.WRITE, file.name(), file, data, Arg.of(rest.length)).submit();
            written += (int) call.result();
        }
    }

    /** Goes back to the file's beginning. lseek(2). */
    public void rewind(Fd file) {
        call(Syscall.LSEEK, file.name(), file, Arg.of(0), Arg.of(0)).submit();
    }

    /** Returns what the descriptor stands for. statx(2). */
    public Stat stat(Fd file) {
        return stat(file, "", AT_EMPTY_PATH);
    }

    /** Asks what the descriptor stands for; nothing waits for the answer yet. */
    public StatResult statResult(Fd file) {
        Arg.Out stat = Arg.out(Stat.BYTES);
        Call statx = statCall(file, "", AT_EMPTY_PATH, stat).submit();
        Arg.Out statfs = Arg.out(STATFS_BYTES);
        Call type = call(Syscall.FSTATFS, file.name(), file, statfs).submit();
        return new StatResult(kernel, statx, stat, type, statfs);
    }

    /** Returns what {@code name} below {@code directory} is; a link is itself. statx(2). */
    public Stat statAt(Fd directory, String name) {
        return stat(directory, name, AT_SYMLINK_NOFOLLOW);
    }

    /** A query about a file whose answer is fetched when it is needed. */
    public static final class Asked {
        private final Call statx;
        private final Arg.Out out;

        private Asked(Call statx, Arg.Out out) {
            this.statx = statx;
            this.out = out;
        }

        /** Returns the answer. */
        public Stat stat() {
            statx.result();
            return Stat.parse(out.buffer());
        }
    }

    /** Asks what {@code name} below {@code directory} is, a link being itself. statx(2). */
    public Asked ask(Fd directory, String name) {
        Arg.Out out = Arg.out(Stat.BYTES);
        return new Asked(statCall(directory, name, AT_SYMLINK_NOFOLLOW, out).submit(), out);
    }

    /**
     * Asks whether {@code name} is in {@code directory}, a link being itself; every error is an
     * answer. statx(2).
     */
    public Call askFor(Fd directory, String name) {
        Arg.Out out = Arg.out(Stat.BYTES);
        return statCall(directory, name, AT_SYMLINK_NOFOLLOW, out).tolerateAll().submit();
    }

    /** Returns what {@code path} is, a link being itself; empty if there is nothing. statx(2). */
    public Optional<Stat> linkStatIfExists(String path) {
        Arg.Out out = Arg.out(Stat.BYTES);
        Call call = statCall(here(), path, AT_SYMLINK_NOFOLLOW, out).tolerate(Errno.ENOENT);
        return found(call, out);
    }

    /** Returns what {@code path} is, links followed; empty if there is nothing. statx(2). */
    public Optional<Stat> statIfExists(String path) {
        Arg.Out out = Arg.out(Stat.BYTES);
        return found(statCall(here(), path, 0, out).tolerate(Errno.ENOENT, Errno.ENOTDIR), out);
    }

    private static Optional<Stat> found(Call statx, Arg.Out out) {
        return statx.submit().result() < 0
                ? Optional.empty()
                : Optional.of(Stat.parse(out.buffer()));
    }

    private Stat stat(Fd directory, String name, int flags) {
        Arg.Out out = Arg.out(Stat.BYTES);
        statCall(directory, name, flags, out).submit().result();
        return Stat.parse(out.buffer());
    }

    private Call statCall(Fd directory, String name, int flags, Arg.Out out) {
        Arg mask = Arg.of(STATX_BASIC_STATS);
        String subject = name.isEmpty() ? directory.name() : pathOf(directory, name);
        return call(Syscall.STATX, subject, directory, Arg.text(name), Arg.of(flags), mask, out);
    }

    /** Submits a check that a file system of another type than {@code magic} holds the file. */
    public void checkNotIn(long magic, Fd file) {
        Arg.Out out = Arg.out(STATFS_BYTES);
        call(Syscall.FSTATFS, file.name(), file, out).submit();
        Check.of(kernel, file.name(), out, 0, -1, magic, false).submit();
    }

    /** Returns the type of the file system that holds the file, a magic number of statfs(2). */
    public long fileSystemType(Fd file) {
        Arg.Out out = Arg.out(STATFS_BYTES);
        call(Syscall.FSTATFS, file.name(), file, out).submit().result();
        return out.buffer().getLong(0);
    }

    /** Sets permission bits; links are followed. fchmodat(2). */
    public void chmodAt(Fd directory, String name, int mode) {
        String subject = pathOf(directory, name);
        call(Syscall.FCHMODAT, subject, directory, Arg.text(name), new Arg.Octal(mode)).submit();
    }

    /** Sets owner and group of what the descriptor stands for; -1 leaves one. fchownat(2). */
    public Call chown(Fd file, int uid, int gid) {
        Arg empty = Arg.text("");
        Arg flags = Arg.of(AT_EMPTY_PATH);
        return call(Syscall.FCHOWNAT, file.name(), file, empty, Arg.of(uid), Arg.of(gid), flags);
    }

    /**
     * Returns whether the effective user may execute it; ENOENT and EACCES are answers.
     * faccessat2(2).
     */
    public Call mayExecute(Fd directory, String path) {
        Arg mode = Arg.of(X_OK);
        Arg flags = Arg.of(AT_EACCESS);
        return call(Syscall.FACCESSAT2, path, directory, Arg.text(path), mode, flags)
                .tolerateAll()
                .submit();
    }

    /** Returns whether the real or effective owner of this process may read {@code path}. */
    public boolean exists(String path) {
        return statIfExists(path).isPresent();
    }

    /** chdir(2). */
    public Call chdir(String path) {
        return call(Syscall.CHDIR, path, Arg.text(path));
    }

    /** fchdir(2). */
    public void fchdir(Fd directory) {
        call(Syscall.FCHDIR, directory.name(), directory).submit();
    }

    /** chroot(2). */
    public void chroot(String path) {
        call(Syscall.CHROOT, path, Arg.text(path)).submit();
    }

    /** umask(2). */
    public void umask(int mask) {
        call(Syscall.UMASK, "", new Arg.Octal(mask)).submit();
    }

    private static Arg.Flags flags(OpenFlag... flags) {
        EnumSet<OpenFlag> set = EnumSet.of(OpenFlag.CLOEXEC);
        for (OpenFlag flag : flags) {
            set.add(flag);
        }
        return new Arg.Flags(set);
    }

    private Fd opened(Call call) {
        return Fd.openedBy(call.submit(), kernel, call.subject());
    }

    static String pathOf(Fd directory, String name) {
        return name.startsWith("/") || directory.name().equals(".")
                ? name
                : directory.name() + "/" + name;
    }

    private Call call(Syscall syscall, String subject, Arg... args) {
        return new Call(kernel, syscall, subject, args);
    }
}
