// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static io.jrunc.linux.Files.pathOf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** System calls about the names in a directory: what there is, and making and removing it. */
public final class Directories {
    private static final int AT_REMOVEDIR = 0x200;
    private static final int READ_BYTES = 1 << 14;
    private static final int DT_DIR = 4;

    private final Kernel kernel;

    Directories(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Returns where a symbolic link points. readlinkat(2). */
    public String readLink(Fd directory, String name) {
        Arg.Out out = Arg.out(4096);
        String subject = pathOf(directory, name);
        Arg length = Arg.of(4096);
        Call call =
                call(Syscall.READLINKAT, subject, directory, Arg.text(name), out, length).submit();
        return Strings.decode(out.bytes(), 0, (int) call.result());
    }

    /** Returns the names in a directory, without "." and "..". getdents64(2). */
    public List<String> list(Fd directory) {
        List<String> names = new ArrayList<>();
        while (listSome(directory, (name, type) -> names.add(name))) {
            // there were more
        }
        return names;
    }

    /** Returns the names of the directories in a directory. getdents64(2), {@code DT_DIR}. */
    public List<String> listDirectories(Fd directory) {
        List<String> names = new ArrayList<>();
        while (listSome(
                directory,
                (name, type) -> {
                    if (type == DT_DIR) {
                        names.add(name);
                    }
                })) {
            // there were more
        }
        return names;
    }

    /** Some hundred names more, without "." and ".."; false if that was all. */
    private boolean listSome(Fd directory, Entries to) {
        Arg.Out out = Arg.out(READ_BYTES);
        Arg length = Arg.of(READ_BYTES);
        Call call = call(Syscall.GETDENTS64, directory.name(), directory, out, length).submit();
        int end = (int) call.result();
        ByteBuffer entries = out.buffer();
        for (int at = 0; at < end; at += entries.getShort(at + 16)) {
            int nameEnd = at + 19;
            while (entries.get(nameEnd) != 0) {
                nameEnd++;
            }
            String name = Strings.decode(out.bytes(), at + 19, nameEnd - at - 19);
            if (!name.equals(".") && !name.equals("..")) {
                to.take(name, entries.get(at + 18));
            }
        }
        return end > 0;
    }

    /** Some hundred more names in a directory, without "." and ".."; none if that was all. */
    public List<String> listSome(Fd directory) {
        List<String> names = new ArrayList<>();
        boolean more = true;
        while (more && names.isEmpty()) {
            more = listSome(directory, (name, type) -> names.add(name));
        }
        return names;
    }

    /** Creates a directory; the call may be made tolerant of EEXIST before it is submitted. */
    public Call mkdir(Fd directory, String name, int mode) {
        String subject = pathOf(directory, name);
        return call(Syscall.MKDIRAT, subject, directory, Arg.text(name), new Arg.Octal(mode));
    }

    /** Removes a file's name. unlinkat(2). */
    public Call unlink(Fd directory, String name) {
        return call(
                Syscall.UNLINKAT, pathOf(directory, name), directory, Arg.text(name), Arg.of(0));
    }

    /** Removes an empty directory. unlinkat(2) with AT_REMOVEDIR. */
    public Call rmdir(Fd directory, String name) {
        Arg flags = Arg.of(AT_REMOVEDIR);
        return call(Syscall.UNLINKAT, pathOf(directory, name), directory, Arg.text(name), flags);
    }

    /** symlinkat(2). */
    public Call symlink(String target, Fd directory, String name) {
        String subject = pathOf(directory, name);
        return call(Syscall.SYMLINKAT, subject, Arg.text(target), directory, Arg.text(name));
    }

    /**
     * Creates a device node, a pipe or a file; permissions are subject to the umask. mknodat(2).
     */
    public Call mknod(Fd directory, String name, int mode, int major, int minor) {
        long device = Stat.device(major, minor);
        String subject = pathOf(directory, name);
        Arg path = Arg.text(name);
        return call(Syscall.MKNODAT, subject, directory, path, new Arg.Octal(mode), Arg.of(device));
    }

    /** renameat2(2). */
    public void rename(Fd directory, String from, String to) {
        String subject = pathOf(directory, from);
        Arg flags = Arg.of(0);
        call(Syscall.RENAMEAT2, subject, directory, Arg.text(from), directory, Arg.text(to), flags)
                .submit();
    }

    /** Takes the names in a directory, one by one. */
    private interface Entries {
        void take(String name, int type);
    }

    private Call call(Syscall syscall, String subject, Arg... args) {
        return new Call(kernel, syscall, subject, args);
    }
}
