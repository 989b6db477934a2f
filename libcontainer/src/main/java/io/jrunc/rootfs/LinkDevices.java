// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/** Links in /dev that programs expect. Source: runtime-spec config-linux.md#dev-symbolic-links. */
record LinkDevices() implements Step {
    private static final String[][] LINKS = {
        {"/proc/self/fd", "fd"},
        {"/proc/self/fd/0", "stdin"},
        {"/proc/self/fd/1", "stdout"},
        {"/proc/self/fd/2", "stderr"},
    };

    @Override
    public String title() {
        return "link /dev/fd, stdin, stdout, stderr, ptmx";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        RootedPaths paths = new RootedPaths(context.root());
        Kernel init = context.init();
        init.attempt(
                () -> link(init, paths.askForDirectory("/dev", RootedPaths.Links.FOLLOW)),
                failure -> link(init, paths.directory("/dev")));
    }

    private static void link(Kernel init, Fd directory) {
        Files files = init.files();
        try (Fd dev = directory) {
            for (String[] link : LINKS) {
                init.directories().symlink(link[0], dev, link[1]).tolerate(Errno.EEXIST).submit();
            }
            Call there = files.askFor(files.here(), "/proc/kcore");
            init.directories()
                    .symlink("/proc/kcore", dev, "core")
                    .tolerate(Errno.EEXIST)
                    .after(there)
                    .submit();
            // The terminals of this container, not those of an earlier mount on /dev/pts.
            init.directories().unlink(dev, "ptmx").tolerate(Errno.ENOENT).submit();
            init.directories().symlink("pts/ptmx", dev, "ptmx").submit();
        }
    }
}
