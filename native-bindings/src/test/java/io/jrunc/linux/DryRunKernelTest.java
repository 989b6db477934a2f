// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DryRunKernelTest {
    private final List<String> lines = new ArrayList<>();
    private final DryRunKernel kernel = new DryRunKernel("init", lines::add);

    @Test
    void callsArePrintedAndAnsweredAsIfAllWentWell() {
        Fd root = kernel.files().open("/no/such/root", OpenFlag.PATH);
        Fd below = kernel.files().openInRoot(root, "/etc/passwd", EnumSet.of(OpenFlag.RDONLY));
        kernel.directories().mkdir(root, "x", 0700).submit();

        assertEquals(
                List.of(
                        "init  openat(AT_FDCWD, \"/no/such/root\", O_CLOEXEC|O_PATH) = 3",
                        "init  openat2(3</no/such/root>, \"/etc/passwd\","
                                + " {flags=O_RDONLY|O_CLOEXEC, resolve=RESOLVE_IN_ROOT}, 24) = 4",
                        "init  mkdirat(3</no/such/root>, \"x\", 0700) = 0"),
                lines);
        assertTrue(below.isOpen());
    }

    @Test
    void writingWritesEverything() {
        Fd file = Fd.of(kernel, 9, "pids.max");

        assertEquals(3, kernel.files().write(file, "100").result());
        assertEquals(List.of("init  write(9<pids.max>, \"100\", 3) = 3"), lines);
    }

    @Test
    void mountsArePrintedWithTheirFlags() {
        Fd fileSystem = kernel.mounts().openFileSystem("tmpfs");
        kernel.mounts().configure(fileSystem, "mode", "755");
        kernel.mounts().create(fileSystem);
        Fd mount = kernel.mounts().mount(fileSystem, EnumSet.of(MountAttr.NOSUID));
        kernel.mounts().setPropagation(mount, Propagation.SLAVE, true);

        assertEquals(5, lines.size(), lines::toString);
        assertEquals("init  fsopen(\"tmpfs\", 1) = 3", lines.get(0));
        assertEquals("init  fsconfig(3<tmpfs>, 1, \"mode\", \"755\", 0) = 0", lines.get(1));
        assertEquals("init  fsconfig(3<tmpfs>, 6, 0, 0, 0) = 0", lines.get(2));
        assertEquals("init  fsmount(3<tmpfs>, 1, MOUNT_ATTR_NOSUID) = 4", lines.get(3));
        assertEquals(
                "init  mount_setattr(4<tmpfs>, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
                        + " {propagation=MS_SLAVE}, 32) = 0",
                lines.get(4));
    }

    @Test
    void clonedProcessPrintsUnderItsOwnName() {
        Call clone = kernel.processes().cloneProcess(Set.of(CloneFlag.NEWPID));
        Kernel born = kernel.bornOf(clone, "born");
        born.processes().newSession();

        assertTrue(clone.requireAttached().isOpen());
        assertEquals(
                List.of("init  clone3({flags=CLONE_NEWPID}, 88) = 4242", "born  setsid() = 0"),
                lines);
    }

    @Test
    void argumentsAreShownAsStraceShowsThem() {
        kernel.processes().exec("/bin/sh", List.of("sh", "-c"), List.of("A=b"));
        kernel.credentials().setCapabilities(0xff, 0x10, 0);
        kernel.processes().setLimit(0, 7, "RLIMIT_NOFILE", 1024, -1).submit();
        kernel.files().umask(022);

        assertEquals(
                List.of(
                        "init  execve(\"/bin/sh\", [\"sh\", \"-c\"], [\"A=b\"]) = 0",
                        "init  capset({version=3}, {effective=0xff, permitted=0x10,"
                                + " inheritable=0x0}) = 0",
                        "init  prlimit64(0, 7, {soft=1024, hard=RLIM_INFINITY}, 0) = 0",
                        "init  umask(022) = 0"),
                lines);
    }
}
