// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** System calls that copy what files hold and what is known about them. */
public final class Copies {
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int TIMES_BYTES = 32;
    private static final int NAMES_BYTES = 1 << 16;
    private static final int VALUE_BYTES = 1 << 16;

    private final Kernel kernel;

    Copies(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Copies at most {@code count} bytes from where {@code from} is; 0 at its end. sendfile(2). */
    public Call send(Fd from, Fd to, long count) {
        return call(Syscall.SENDFILE, to.name(), to, from, Arg.NULL, Arg.of(count));
    }

    /** Sets the owner of {@code name}, a link being itself. fchownat(2). */
    public Call own(Fd directory, String name, int uid, int gid) {
        Arg[] ids = {Arg.of(uid), Arg.of(gid)};
        int flags = name.isEmpty() ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW;
        String subject = directory.name() + (name.isEmpty() ? "" : "/" + name);
        Arg path = Arg.text(name);
        return call(Syscall.FCHOWNAT, subject, directory, path, ids[0], ids[1], Arg.of(flags));
    }

    /** Sets permissions. fchmod(2). */
    public void chmod(Fd file, int mode) {
        call(Syscall.FCHMOD, file.name(), file, new Arg.Octal(mode)).submit();
    }

    /** Sets when {@code name}, a link being itself, was read and written. utimensat(2). */
    public void touch(Fd directory, String name, Stat like) {
        String shown = "[{" + like.readSeconds() + "}, {" + like.writtenSeconds() + "}]";
        Arg times =
                Arg.struct(TIMES_BYTES, shown)
                        .putLong(0, like.readSeconds())
                        .putLong(8, like.readNanos())
                        .putLong(16, like.writtenSeconds())
                        .putLong(24, like.writtenNanos());
        Arg path = name.isEmpty() ? Arg.NULL : Arg.text(name);
        Arg flags = Arg.of(name.isEmpty() ? 0 : AT_SYMLINK_NOFOLLOW);
        call(Syscall.UTIMENSAT, directory.name(), directory, path, times, flags).submit();
    }

    /** Another name for a file. linkat(2). */
    public void link(Fd fromDirectory, String from, Fd directory, String name) {
        Arg[] texts = {Arg.text(from), Arg.text(name)};
        String subject = directory.name() + "/" + name;
        Arg none = Arg.of(0);
        call(Syscall.LINKAT, subject, fromDirectory, texts[0], directory, texts[1], none).submit();
    }

    /**
     * Returns the names of extended attributes; none where the file system has none. flistxattr(2).
     */
    public List<String> attributeNames(Fd file) {
        Arg.Out out = Arg.out(NAMES_BYTES);
        Call call = call(Syscall.FLISTXATTR, file.name(), file, out, Arg.of(NAMES_BYTES));
        int length = (int) call.tolerate(Errno.EOPNOTSUPP).submit().result();
        List<String> names = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < length; at++) {
            if (out.bytes()[at] == 0) {
                names.add(new String(out.bytes(), start, at - start, StandardCharsets.UTF_8));
                start = at + 1;
            }
        }
        return names;
    }

    /** Copies an extended attribute. fgetxattr(2), fsetxattr(2). */
    public Call copyAttribute(Fd from, Fd to, String name) {
        Arg.Out out = Arg.out(VALUE_BYTES);
        Arg key = Arg.text(name);
        Arg room = Arg.of(VALUE_BYTES);
        Call get = call(Syscall.FGETXATTR, from.name() + " " + name, from, key, out, room).submit();
        byte[] value = new byte[(int) get.result()];
        System.arraycopy(out.bytes(), 0, value, 0, value.length);
        Arg data = Arg.data(value, "[" + value.length + " bytes]");
        Arg[] rest = {Arg.of(value.length), Arg.of(0)};
        String subject = to.name() + " " + name;
        return call(Syscall.FSETXATTR, subject, to, Arg.text(name), data, rest[0], rest[1]);
    }

    /** Sets the label that SELinux knows a file by. fsetxattr(2), "security.selinux". */
    public Call setSelinuxContext(Fd file, String context) {
        Arg name = Arg.text("security.selinux");
        String subject = file.name() + " " + context;
        Arg value = Arg.text(context); // with the NUL at its end
        Arg length = Arg.of(context.getBytes(StandardCharsets.UTF_8).length + 1L);
        return call(Syscall.FSETXATTR, subject, file, name, value, length, Arg.of(0));
    }

    private Call call(Syscall syscall, String subject, Arg... args) {
        return new Call(kernel, syscall, subject, args);
    }
}
