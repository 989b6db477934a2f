// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/** System calls about mounts, all of them by descriptor. Linux 5.12 and newer. */
public final class Mounts {
    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSMOUNT_CLOEXEC = 1;
    private static final int FSCONFIG_SET_FLAG = 0;
    private static final int FSCONFIG_SET_STRING = 1;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int FSCONFIG_CMD_RECONFIGURE = 7;
    private static final int FSPICK_CLOEXEC_EMPTY_PATH = 1 | 8;
    private static final int MNT_DETACH = 2;
    private static final int MOUNT_ATTR_BYTES = 32;
    private static final int LOG_BYTES = 1024;

    private final Kernel kernel;

    Mounts(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Returns a detached copy of the mount at {@code path}, or of the whole tree below it.
     * open_tree(2).
     */
    public Fd cloneTree(Fd directory, String path, boolean recursive, boolean followLink) {
        return openTree(directory, path, recursive, followLink);
    }

    /**
     * As {@link #cloneTree}, but {@link Fd#isOpen} returns whether this process may search all
     * directories of the path.
     */
    public Fd cloneTreeIfReachable(
            Fd directory, String path, boolean recursive, boolean followLink) {
        return openTree(directory, path, recursive, followLink, Errno.EACCES);
    }

    private Fd openTree(
            Fd directory, String path, boolean recursive, boolean followLink, Errno... tolerated) {
        Set<AtFlag> flags = EnumSet.of(AtFlag.OPEN_TREE_CLONE, AtFlag.OPEN_TREE_CLOEXEC);
        if (recursive) {
            flags.add(AtFlag.AT_RECURSIVE);
        }
        if (path.isEmpty()) {
            flags.add(AtFlag.AT_EMPTY_PATH);
        }
        if (!followLink) {
            flags.add(AtFlag.AT_SYMLINK_NOFOLLOW);
        }
        String subject = path.isEmpty() ? directory.name() : path;
        Arg all = new Arg.Flags(flags);
        Call call = call(Syscall.OPEN_TREE, subject, directory, Arg.text(path), all);
        return Fd.openedBy(call.tolerate(tolerated).submit(), kernel, subject);
    }

    /** Attaches the detached {@code tree} on top of {@code target}. move_mount(2), Linux 5.2. */
    public Call attach(Fd tree, Fd target) {
        Arg flags =
                new Arg.Flags(
                        EnumSet.of(AtFlag.MOVE_MOUNT_F_EMPTY_PATH, AtFlag.MOVE_MOUNT_T_EMPTY_PATH));
        Arg here = Arg.text("");
        return call(Syscall.MOVE_MOUNT, target.name(), tree, here, target, here, flags).submit();
    }

    /**
     * Returns a new file system of {@code type}, to be configured. fsopen(2); ENODEV: kernel lacks
     * it.
     */
    public Fd openFileSystem(String type) {
        Call call = call(Syscall.FSOPEN, type, Arg.text(type), Arg.of(FSOPEN_CLOEXEC));
        call.hint(Errno.ENODEV, "this kernel has no file system of this type").submit();
        return Fd.openedBy(call, kernel, type);
    }

    /** The longest value, in bytes, that {@link #configure} takes: longer ones are EINVAL. */
    public static final int MAX_VALUE_BYTES = 255;

    /** Sets an option with a value. fsconfig(2), FSCONFIG_SET_STRING. */
    public void configure(Fd fileSystem, String key, String value) {
        String subject = fileSystem.name() + " " + key + "=" + value;
        configure(fileSystem, subject, FSCONFIG_SET_STRING, Arg.text(key), Arg.text(value));
    }

    /** Sets an option without a value. fsconfig(2), FSCONFIG_SET_FLAG. */
    public void configure(Fd fileSystem, String key) {
        String subject = fileSystem.name() + " " + key;
        configure(fileSystem, subject, FSCONFIG_SET_FLAG, Arg.text(key), Arg.NULL);
    }

    /** Sets an option without a value, unless the file system does not know it. fsconfig(2). */
    public void configureIfKnown(Fd fileSystem, String key) {
        String subject = fileSystem.name() + " " + key;
        configuration(fileSystem, subject, FSCONFIG_SET_FLAG, Arg.text(key), Arg.NULL)
                .tolerate(Errno.EINVAL)
                .submit();
    }

    /** Brings the configured file system to life. fsconfig(2), FSCONFIG_CMD_CREATE. */
    public void create(Fd fileSystem) {
        configure(fileSystem, fileSystem.name(), FSCONFIG_CMD_CREATE, Arg.NULL, Arg.NULL);
    }

    /** Returns the file system mounted at {@code mount}, to be configured anew. fspick(2). */
    public Fd pick(Fd mount) {
        Arg flags = Arg.of(FSPICK_CLOEXEC_EMPTY_PATH);
        Call call = call(Syscall.FSPICK, mount.name(), mount, Arg.text(""), flags);
        call.hint(Errno.EINVAL, "nothing is mounted there").submit();
        return Fd.openedBy(call, kernel, mount.name());
    }

    /** Has a picked file system take on its new configuration. FSCONFIG_CMD_RECONFIGURE. */
    public void reconfigure(Fd fileSystem) {
        configure(fileSystem, fileSystem.name(), FSCONFIG_CMD_RECONFIGURE, Arg.NULL, Arg.NULL);
    }

    private void configure(Fd fs, String subject, int command, Arg key, Arg value) {
        configuration(fs, subject, command, key, value).submit();
    }

    private Call configuration(Fd fs, String subject, int command, Arg key, Arg value) {
        Arg aux = Arg.of(0);
        return call(Syscall.FSCONFIG, subject, fs, Arg.of(command), key, value, aux);
    }

    /**
     * Returns what the kernel has to say about a failed configuration; empty if nothing. The
     * messages of the file system context, see fsopen(2).
     */
    public String complaints(Fd fileSystem) {
        StringBuilder all = new StringBuilder();
        while (true) {
            Arg.Out out = Arg.out(LOG_BYTES);
            Arg length = Arg.of(LOG_BYTES);
            Call call = call(Syscall.READ, fileSystem.name(), fileSystem, out, length);
            int count = (int) call.tolerateAll().submit().result();
            if (count <= 0) {
                return all.toString();
            }
            // Each message begins with its severity: "e tmpfs: Bad value for 'mode'".
            String message = new String(out.bytes(), 0, count, StandardCharsets.UTF_8).strip();
            all.append(all.length() == 0 ? "" : "; ").append(message.substring(2));
        }
    }

    /** Returns a detached mount of the file system. fsmount(2). */
    public Fd mount(Fd fileSystem, Set<MountAttr> attributes) {
        Arg flags = Arg.of(FSMOUNT_CLOEXEC);
        String type = fileSystem.name();
        Call call = call(Syscall.FSMOUNT, type, fileSystem, flags, new Arg.Flags(attributes));
        return Fd.openedBy(call.submit(), kernel, type);
    }

    /**
     * Sets and clears attributes of a mount, and of all below it if {@code recursive}. Attributes
     * that are not named stay, so locked ones survive. mount_setattr(2), Linux 5.12.
     */
    public Call setAttributes(
            Fd mount, boolean recursive, Set<MountAttr> set, Set<MountAttr> clear) {
        return setAttributes(
                mount,
                recursive,
                Flag.bits(set),
                clearMask(set, clear),
                0,
                "{set=" + Flag.names(set) + ", clear=" + Flag.names(clear) + "}");
    }

    /**
     * Shows the files of the detached {@code tree} with other owners: those that the maps of {@code
     * userNamespace} lead to. mount_setattr(2) with MOUNT_ATTR_IDMAP, Linux 5.12. EPERM: it takes
     * CAP_SYS_ADMIN in the user namespace that the file system was mounted in.
     */
    public Call mapIds(Fd tree, Fd userNamespace, boolean recursive) {
        Arg.Struct attributes =
                Arg.struct(MOUNT_ATTR_BYTES, "{set=MOUNT_ATTR_IDMAP, userns=" + userNamespace + "}")
                        .putLong(0, MountAttr.IDMAP.bit())
                        .put(24, userNamespace);
        return setAttributes(tree, recursive, attributes)
                .hint(
                        Errno.EINVAL,
                        "the file system may not support idmapped mounts; copy the files to one that"
                                + " does, such as ext4, xfs, or tmpfs since Linux 6.3");
    }

    /** Changes how mounts spread. mount_setattr(2), Linux 5.12. */
    public void setPropagation(Fd mount, Propagation propagation, boolean recursive) {
        String shown = "{propagation=" + propagation.flag().constant() + "}";
        setAttributes(mount, recursive, 0, 0, propagation.flag().bit(), shown).submit();
    }

    private Call setAttributes(
            Fd mount, boolean recursive, long set, long clear, long propagation, String shown) {
        Arg attributes =
                Arg.struct(MOUNT_ATTR_BYTES, shown)
                        .putLong(0, set)
                        .putLong(8, clear)
                        .putLong(16, propagation);
        return setAttributes(mount, recursive, attributes);
    }

    private Call setAttributes(Fd mount, boolean recursive, Arg attributes) {
        Set<AtFlag> flags = EnumSet.of(AtFlag.AT_EMPTY_PATH);
        if (recursive) {
            flags.add(AtFlag.AT_RECURSIVE);
        }
        Arg here = Arg.text("");
        Arg size = Arg.of(MOUNT_ATTR_BYTES);
        return call(
                Syscall.MOUNT_SETATTR,
                mount.name(),
                mount,
                here,
                new Arg.Flags(flags),
                attributes,
                size);
    }

    /**
     * The access time modes are one field, of which every bit must be cleared before one is set.
     */
    private static long clearMask(Set<MountAttr> set, Set<MountAttr> clear) {
        Set<MountAttr> times = EnumSet.of(MountAttr.NOATIME, MountAttr.STRICTATIME);
        long atimeField = 0x70;
        long mask = Flag.bits(clear);
        for (MountAttr time : times) {
            if (set.contains(time) || clear.contains(time)) {
                mask |= atimeField;
            }
        }
        return mask;
    }

    /**
     * Mounts a new file system at {@code target}, in the old way, whose options may be as long as a
     * page. mount(2).
     *
     * @param data the options of the file system, separated by commas
     */
    public void mount(
            String source, String target, String type, Set<MountFlag> flags, String data) {
        Arg[] texts = {Arg.text(source), Arg.text(target), Arg.text(type), Arg.text(data)};
        Arg all = new Arg.Flags(flags);
        call(Syscall.MOUNT, type, texts[0], texts[1], texts[2], all, texts[3]).submit();
    }

    /**
     * Makes {@code "."} the root, with the old root stacked on it. pivot_root(2), see its NOTES.
     */
    public void pivotRootHere() {
        call(Syscall.PIVOT_ROOT, ".", Arg.text("."), Arg.text(".")).submit();
    }

    /** As {@link #detach}; EINVAL or EPERM: the mount is locked by a user namespace. */
    public Call tryDetach(String path) {
        return call(Syscall.UMOUNT2, path, Arg.text(path), Arg.of(MNT_DETACH));
    }

    /** Takes the topmost mount at {@code path} out of the tree. umount2(2) with MNT_DETACH. */
    public void detach(String path) {
        call(Syscall.UMOUNT2, path, Arg.text(path), Arg.of(MNT_DETACH)).submit();
    }

    private Call call(Syscall syscall, String subject, Arg... args) {
        return new Call(kernel, syscall, subject, args);
    }
}
