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
import io.jrunc.linux.Syscall;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import io.jrunc.rootfs.Inside;
import io.jrunc.spec.ConsoleSize;
import java.util.EnumSet;
import java.util.Optional;

/**
 * Opens a terminal in the container's own devpts, puts it on /dev/console and on the standard
 * streams, and brings its master out. No path is followed to find the other end: CVE-2025-52565.
 *
 * @param console whether it becomes /dev/console, as that of the first process does
 */
public record OpenTerminal(Optional<ConsoleSize> size, boolean console) implements Step {
    private static final long DEVPTS_SUPER_MAGIC = 0x1cd1;
    private static final int TIOCSPTLCK = 0x40045431;
    private static final int TIOCGPTPEER = 0x5441;
    private static final int TIOCSCTTY = 0x540e;
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
    public void apply(Scene scene) {
        Kernel init = scene.init();
        Files files = init.files();
        Fd master = openMaster(files, scene.root());
        Arg unlock = Arg.struct(4, "[0]");
        files.ioctl(master, "TIOCSPTLCK", TIOCSPTLCK, unlock).submit();
        Arg flags = Arg.of(O_RDWR_NOCTTY_CLOEXEC);
        Call peer =
                new Call(init, Syscall.IOCTL, "TIOCGPTPEER", master, Arg.of(TIOCGPTPEER), flags);
        Fd slave = Fd.openedBy(peer.submit(), init, "terminal");
        if (size.isPresent() && size.get().height() != 0 && size.get().width() != 0) {
            Arg window =
                    Arg.struct(8, size.get().toString())
                            .putShort(0, size.get().height())
                            .putShort(2, size.get().width());
            files.ioctl(master, "TIOCSWINSZ", TIOCSWINSZ, window).submit();
        }
        if (console) {
            bindConsole(init, scene.root(), slave);
        }
        for (int number = 0; number < 3; number++) {
            files.duplicateTo(slave, number);
        }
        Arg steal = Arg.of(0);
        new Call(init, Syscall.IOCTL, "TIOCSCTTY", slave, Arg.of(TIOCSCTTY), steal).submit();
        scene.terminalIs(scene.export(master));
        slave.close();
        master.close();
    }

    private static void bindConsole(Kernel init, Fd root, Fd slave) {
        try (Fd tree = init.mounts().cloneTree(slave, "", false, true);
                Fd console = new Inside(root).file("/dev/console")) {
            init.mounts().attach(tree, console);
        }
    }

    private static Fd openMaster(Files files, Fd root) {
        EnumSet<OpenFlag> flags = EnumSet.of(OpenFlag.RDWR, OpenFlag.NOCTTY, OpenFlag.NOFOLLOW);
        EnumSet<ResolveFlag> how = EnumSet.of(ResolveFlag.IN_ROOT, ResolveFlag.NO_SYMLINKS);
        Fd master = files.resolve(root, "/dev/pts/ptmx", flags, how, Errno.ENOENT);
        if (!master.isOpen() || files.fileSystemType(master) != DEVPTS_SUPER_MAGIC) {
            throw Failure.invalid(
                    "process.terminal",
                    "true, but the container has no devpts at /dev/pts",
                    "add it to mounts, as jrunc spec does");
        }
        return master;
    }
}
