// SPDX-License-Identifier: Apache-2.0
package io.jrunc.console;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.ResolveFlag;
import io.jrunc.linux.Stat;
import io.jrunc.linux.StatResult;
import io.jrunc.linux.Syscall;
import io.jrunc.rootfs.RootedPaths;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.ConsoleSize;
import java.util.EnumSet;
import java.util.Optional;

/**
 * Opens a terminal in the container's own devpts, puts it on /dev/console and on the standard
 * streams, and brings its master out. No path is followed to find the other end: CVE-2025-52565.
 *
 * @param console whether it becomes /dev/console, as that of the first process does
 * @param foreground whether its other end will be the caller's standard streams
 */
public record OpenTerminal(Optional<ConsoleSize> size, boolean console, boolean foreground)
        implements Step {
    private static final String CONSOLE = "/dev/console";
    private static final long DEVPTS_SUPER_MAGIC = 0x1cd1;
    private static final int TCGETS = 0x5401;
    private static final int TCSETS = 0x5402;
    private static final int TERMIOS_BYTES = 36;
    private static final int TERMIOS_OUTPUT = 4;
    private static final int ONLCR = 4;
    private static final int S_IFREG = 0100000;
    private static final int CONSOLE_MODE = 0600;
    private static final int TIOCSPTLCK = 0x40045431;
    private static final int TIOCGPTPEER = 0x5441;
    private static final int TIOCSCTTY = 0x540e;
    private static final int TIOCGWINSZ = 0x5413;
    private static final int TIOCSWINSZ = 0x5414;
    private static final int O_RDWR_NOCTTY_CLOEXEC = 02000402;

    @Override
    public String title() {
        return console ? "open a terminal and make it /dev/console" : "open a terminal";
    }

    @Override
    public String field() {
        return "process.terminal";
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        Files files = init.files();
        Fd master = openMaster(files, context.root());
        Arg unlock = Arg.struct(4, "[0]");
        init.descriptors().ioctl(master, "TIOCSPTLCK", TIOCSPTLCK, unlock).submit();
        Arg flags = Arg.of(O_RDWR_NOCTTY_CLOEXEC);
        Call peer =
                new Call(init, Syscall.IOCTL, "TIOCGPTPEER", master, Arg.of(TIOCGPTPEER), flags);
        Fd slave = Fd.openedBy(peer.submit(), init, "terminal");
        if (size.isPresent()) {
            setSize(files, master, size.get().height(), size.get().width());
        }
        if (foreground) {
            copySize(files, master);
            addNoReturns(files, slave);
        }
        if (console) {
            bindConsole(init, context.root(), slave);
        }
        for (int number = 0; number < 3; number++) {
            init.descriptors().duplicateTo(slave, number);
        }
        Arg steal = Arg.of(0);
        new Call(init, Syscall.IOCTL, "TIOCSCTTY", slave, Arg.of(TIOCSCTTY), steal).submit();
        context.setTerminal(context.export(master));
        slave.close();
        master.close();
    }

    private static void bindConsole(Kernel init, Fd root, Fd slave) {
        try (Fd tree = init.mounts().cloneTree(slave, "", false, true);
                Fd console = place(init.files(), root)) {
            init.mounts().attach(tree, console);
        }
    }

    private static void setSize(Files files, Fd master, int height, int width) {
        if (height != 0 && width != 0) {
            Arg.Struct window = Arg.struct(8, height + "x" + width);
            window.putShort(0, height).putShort(2, width);
            files.descriptors().ioctl(master, "TIOCSWINSZ", TIOCSWINSZ, window).submit();
        }
    }

    /** The size of the caller's terminal counts, from the program's first moment on. */
    private static void copySize(Files files, Fd master) {
        for (int number = 0; number < 3; number++) {
            Arg.Out window = Arg.out(8);
            Fd stream = Fd.of(master.kernel(), number, "stream " + number);
            Call ask =
                    files.descriptors()
                            .ioctl(stream, "TIOCGWINSZ", TIOCGWINSZ, window)
                            .tolerateAll();
            if (ask.submit().error().isEmpty()) {
                setSize(files, master, window.buffer().getShort(0), window.buffer().getShort(2));
                return;
            }
        }
    }

    /**
     * The caller's terminal, and not the container's, turns line feeds into carriage return and
     * line feed: output that is captured should have none. As runc does.
     */
    public static void addNoReturns(Files files, Fd slave) {
        Arg.Out termios = Arg.out(TERMIOS_BYTES);
        files.descriptors().ioctl(slave, "TCGETS", TCGETS, termios).submit().result();
        int output = termios.buffer().getInt(TERMIOS_OUTPUT);
        termios.buffer().putInt(TERMIOS_OUTPUT, output & ~ONLCR);
        Arg changed = Arg.struct(TERMIOS_BYTES, "{-onlcr}").putBytes(0, termios.bytes());
        files.descriptors().ioctl(slave, "TCSETS", TCSETS, changed).submit();
    }

    /**
     * Returns the file to put the terminal on. A link there may lead anywhere; as in runc, refused.
     */
    private static Fd place(Files files, Fd root) {
        try (Fd directory = new RootedPaths(root).parent(CONSOLE)) {
            String name = RootedPaths.baseName(CONSOLE);
            files.directories()
                    .mknod(directory, name, S_IFREG | CONSOLE_MODE, 0, 0)
                    .tolerate(Errno.EEXIST, Errno.EROFS)
                    .submit();
            Fd console = files.openAt(directory, name, OpenFlag.PATH, OpenFlag.NOFOLLOW);
            Stat found = files.stat(console);
            if (found.isSymlink() || found.isDirectory()) {
                console.close();
                throw Failure.invalid(
                        "process.terminal",
                        "true, but "
                                + CONSOLE
                                + " in the image is "
                                + (found.isSymlink() ? "a symbolic link" : "a directory"),
                        "remove it from the image");
            }
            return console;
        }
    }

    /**
     * Opens the master of a new terminal: only the ptmx of a devpts, whose entries cannot be
     * replaced, because opening another device may have an effect.
     */
    private static Fd openMaster(Files files, Fd root) {
        EnumSet<ResolveFlag> rooted = EnumSet.of(ResolveFlag.IN_ROOT, ResolveFlag.NO_SYMLINKS);
        EnumSet<OpenFlag> handle = EnumSet.of(OpenFlag.PATH, OpenFlag.DIRECTORY);
        Errno[] absent = {Errno.ENOENT, Errno.ENOTDIR};
        try (Fd terminals = files.resolve(root, "/dev/pts", handle, rooted, absent)) {
            StatResult statResult = files.statResult(terminals); // in the same batch
            if (!terminals.isOpen() || statResult.fileSystemType() != DEVPTS_SUPER_MAGIC) {
                throw Failure.invalid(
                        "process.terminal",
                        "true, but the container has no devpts at /dev/pts",
                        "add it to mounts");
            }
            EnumSet<OpenFlag> flags = EnumSet.of(OpenFlag.RDWR, OpenFlag.NOCTTY);
            EnumSet<ResolveFlag> there =
                    EnumSet.of(ResolveFlag.BENEATH, ResolveFlag.NO_SYMLINKS, ResolveFlag.NO_XDEV);
            return files.resolve(terminals, "ptmx", flags, there);
        }
    }
}
