// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Propagation;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Mount;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What single steps ask of the kernel. */
class RootfsStepsTest {
    private static final int DIRECTORY = 0040755;
    private static final int FILE = 0100644;
    private static final int LINK = 0120777;
    private static final long PROC_MAGIC = 0x9fa0;

    private final RecordingKernel kernel = new RecordingKernel();
    private final SetupContext context = SetupContexts.of(kernel);

    RootfsStepsTest() {
        context.setRoot(Fd.of(kernel, 9, "rootfs"));
        kernel.statx("", DIRECTORY);
    }

    private Failure failure(Step step) {
        return assertThrows(Failure.class, () -> step.apply(context));
    }

    private static BindMount bind(String destination, String... options) {
        return new BindMount(0, "/src", destination, options(options), Optional.empty());
    }

    private static MountOptions options(String... options) {
        return MountOptions.of(
                new Mount(
                        "/x",
                        Optional.empty(),
                        Optional.empty(),
                        List.of(options),
                        List.of(),
                        List.of()));
    }

    @Test
    void oldRootIsStackedMadeASlaveAndDetached() {
        new PivotRoot(false, false).apply(context);

        assertEquals(
                List.of(
                        "openat(AT_FDCWD, \"/\", O_DIRECTORY|O_CLOEXEC|O_PATH)",
                        "fchdir(9<rootfs>)",
                        "pivot_root(\".\", \".\")",
                        "mount_setattr(100</>, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
                                + " {propagation=MS_SLAVE}, 32)",
                        "umount2(\".\", 2)",
                        "chdir(\"/\")"),
                kernel.calls());
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void rootThatIsALinkOrAFileIsRefused() {
        Step step = new PrepareRoot("/bundle/rootfs", Propagation.SLAVE, true);
        kernel.fail("openat(AT_FDCWD, \"/bundle/rootfs\"", Errno.ENOTDIR);
        kernel.statx("", LINK);
        assertEquals(
                "root.path: \"/bundle/rootfs\" is a symbolic link;"
                        + " write the directory that it points to",
                failure(step).getMessage());
        kernel.statx("", FILE);
        assertEquals(
                "root.path: \"/bundle/rootfs\" is no directory; name a directory",
                failure(step).getMessage());
    }

    @Test
    void sharedParentIsMadePrivateForPivotRoot() {
        int[] asked = {0};
        kernel.answer(
                "statx(",
                call -> {
                    // The root file system, the directory above, the mount that both are in.
                    boolean mount = ++asked[0] == 3;
                    ((Arg.Out) call.args()[4])
                            .buffer()
                            .putShort(28, (short) DIRECTORY)
                            .putLong(8, mount ? 0x2000 : 0);
                    return 0;
                });

        new PrepareRoot("/r", Propagation.SHARED, true).apply(SetupContexts.of(kernel));

        assertEquals(2, kernel.calls("openat(").stream().filter(c -> c.contains("\"..\"")).count());

        List<String> spreads = kernel.calls("mount_setattr");
        assertEquals(2, spreads.size(), spreads::toString);
        assertTrue(spreads.get(0).contains("AT_RECURSIVE, {propagation=MS_SHARED}"));
        assertTrue(spreads.get(1).contains("AT_EMPTY_PATH, {propagation=MS_PRIVATE}"));
    }

    @Test
    void procWhoseMountPointIsALinkIsRefused() {
        kernel.fail("openat2(9<rootfs>, \"/proc\"", Errno.ELOOP);
        Step proc = new MountFileSystem(0, "proc", "proc", "/proc", options(), Optional.empty());

        assertEquals(
                "filesystem \"proc\" must be mounted on ordinary directory, but /proc is a"
                        + " symbolic link in the image",
                failure(proc).getMessage());
        assertEquals(List.of(), kernel.calls("move_mount"));
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void tmpfsHasTheModeOfTheCoveredDirectoryByDefault() {
        mountShm("nosuid");

        assertEquals(
                List.of(
                        "fsconfig(100<tmpfs>, 1, \"source\", \"shm\", 0)",
                        "fsconfig(100<tmpfs>, 1, \"mode\", \"755\", 0)",
                        "fsconfig(100<tmpfs>, 6, 0, 0, 0)"),
                kernel.calls("fsconfig"));
        assertEquals(List.of(), kernel.leaked());
    }

    private void mountShm(String... options) {
        new MountFileSystem(1, "tmpfs", "shm", "/dev/shm", options(options), Optional.empty())
                .apply(context);
    }

    @Test
    void tmpfsWithAModeDoesNotLookAtTheCoveredDirectory() {
        mountShm("nosuid", "mode=1777");

        assertEquals(
                List.of(
                        "fsconfig(100<tmpfs>, 1, \"source\", \"shm\", 0)",
                        "fsconfig(100<tmpfs>, 1, \"mode\", \"1777\", 0)",
                        "fsconfig(100<tmpfs>, 6, 0, 0, 0)"),
                kernel.calls("fsconfig"));
        assertEquals(List.of(), kernel.calls("statx"));
        assertEquals(List.of("fsmount(100<tmpfs>, 1, MOUNT_ATTR_NOSUID)"), kernel.calls("fsmount"));
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void readOnlyTmpfsCanStillBeWrittenAtFirst() {
        MountFileSystem late =
                new MountFileSystem(1, "tmpfs", "t", "/run", options("ro"), Optional.empty());
        late.apply(context);

        assertTrue(late.isLateReadOnly());
        assertEquals(List.of("fsmount(100<tmpfs>, 1, 0)"), kernel.calls("fsmount"));

        new MakeReadOnly(1, "/run").apply(context);
        assertTrue(
                kernel.calls("mount_setattr").get(0).contains("{set=MOUNT_ATTR_RDONLY, clear=0}"));
    }

    @Test
    void whatTheFileSystemComplainsAboutIsReported() {
        kernel.fail("fsconfig(100<tmpfs>, 1, \"size\"", Errno.EINVAL);
        int[] reads = {0};
        kernel.answer(
                "read(",
                call -> {
                    if (reads[0]++ > 0) {
                        return -Errno.ENODATA.number();
                    }
                    byte[] text = "e tmpfs: Bad value for 'size'".getBytes(StandardCharsets.UTF_8);
                    byte[] out = ((Arg.Out) call.args()[1]).bytes();
                    System.arraycopy(text, 0, out, 0, text.length);
                    return text.length;
                });

        assertEquals(
                "tmpfs: Bad value for 'size': fsconfig tmpfs size=big: EINVAL",
                failure(
                                new MountFileSystem(
                                        1,
                                        "tmpfs",
                                        "t",
                                        "/run",
                                        options("size=big"),
                                        Optional.empty()))
                        .getMessage());
    }

    @Test
    void bindMountsThatNameAttributesHaveThoseAlone() {
        bind("/data", "bind", "ro", "rprivate").apply(context);

        assertEquals(
                List.of("open_tree(AT_FDCWD, \"/src\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)"),
                kernel.calls("open_tree"));
        assertEquals(
                List.of(
                        "mount_setattr(100</src>, \"\", AT_EMPTY_PATH,"
                                + " {set=MOUNT_ATTR_RDONLY, clear=0}, 32)",
                        cleared("NOSUID"),
                        cleared("NODEV"),
                        cleared("NOEXEC"),
                        cleared("NOSYMFOLLOW"),
                        "mount_setattr(100</src>, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
                                + " {propagation=MS_PRIVATE}, 32)"),
                kernel.calls("mount_setattr"));
        assertEquals(List.of(), kernel.leaked());
    }

    private static String cleared(String attribute) {
        return "mount_setattr(100</src>, \"\", AT_EMPTY_PATH, {set=0, clear=MOUNT_ATTR_"
                + attribute
                + "}, 32)";
    }

    @Test
    void bindMountsThatNameNoAttributeKeepThoseOfTheSource() {
        bind("/data", "bind").apply(context);

        assertEquals(List.of(), kernel.calls("mount_setattr"));
    }

    @Test
    void bindWithNothingToSetSetsNothing() {
        bind("/data", "rbind").apply(context);

        assertEquals(List.of(), kernel.calls("mount_setattr"));
        assertTrue(kernel.calls("open_tree").get(0).contains("AT_RECURSIVE"));
    }

    @Test
    void fileOverADirectoryIsRefused() {
        kernel.statx("100<", FILE);
        kernel.statx("102<", FILE);
        kernel.fail("move_mount(100<", Errno.ENOTDIR);

        Failure failure = failure(bind("/data", "bind"));

        assertEquals(
                "/data: is a directory, but the source is a file;"
                        + " mount a directory on a directory and a file on a file",
                failure.getMessage());
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void onlyHarmlessFilesOfProcMayBeCovered() {
        kernel.statx("", FILE);
        kernel.answer(
                "fstatfs(",
                call -> {
                    long magic = call.subject().startsWith("/proc") ? PROC_MAGIC : 0;
                    ((Arg.Out) call.args()[1]).buffer().putLong(0, magic);
                    return 0;
                });

        bind("/proc/meminfo", "bind").apply(context);
        assertEquals(1, kernel.calls("move_mount").size());

        assertEquals(
                "\"/proc/self/attr/exec\" cannot be mounted because it is inside /proc",
                failure(bind("/proc/self/attr/exec", "bind")).getMessage());
    }

    @Test
    void attributeThatIsLockedIsExplained() {
        kernel.fail("mount_setattr", Errno.EPERM);

        assertTrue(
                failure(bind("/data", "bind", "rw"))
                        .getMessage()
                        .startsWith(
                                "mount_setattr /src: EPERM (the user namespace that the source"
                                        + " comes from may have locked an attribute"));
    }

    @Test
    void pathsThatDoNotExistAreNotMasked() {
        kernel.fail("openat2(100</>, \"/missing\"", Errno.ENOENT);
        nullDevice(1, 3);

        new MaskPaths(List.of("/missing", "/proc/keys"), true, Optional.empty()).apply(context);

        assertEquals(1, kernel.calls("move_mount").size());
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void directoriesAreMaskedByOneEmptyTmpfs() {
        nullDevice(1, 3);

        new MaskPaths(List.of("/proc/acpi", "/sys/firmware"), true, Optional.empty())
                .apply(context);

        assertEquals(1, kernel.calls("fsopen").size());
        assertEquals(2, kernel.calls("move_mount").size());
        assertEquals(1, kernel.calls("fsmount").size());
        assertTrue(kernel.calls("fsmount").get(0).endsWith("<tmpfs>, 1, MOUNT_ATTR_RDONLY)"));
    }

    @Test
    void pathThatIsListedTwiceIsMaskedOnce() {
        assertEquals(
                List.of("/a", "/b"),
                new MaskPaths(List.of("/a", "/b", "/a"), true, Optional.empty()).paths());
    }

    @Test
    void deviceThatOnlyCallsItselfNullDoesNotMask() {
        nullDevice(1, 5);

        Failure failure = failure(new MaskPaths(List.of("/proc/keys"), true, Optional.empty()));

        assertEquals(
                "/dev/null in the container is not the null device; remove it from the image",
                failure.getMessage());
        assertEquals(List.of(), kernel.calls("move_mount"));
    }

    private void nullDevice(int major, int minor) {
        kernel.answer(
                "statx(",
                call -> {
                    var statx = ((Arg.Out) call.args()[4]).buffer();
                    boolean device = call.subject().endsWith("/dev/null");
                    statx.putShort(28, (short) (device ? 0020666 : DIRECTORY));
                    statx.putInt(128, major);
                    statx.putInt(132, minor);
                    return 0;
                });
    }

    @Test
    void deviceNodesAreCreatedWithoutTheUmaskAndChecked() {
        CreateDevices.Node node =
                new CreateDevices.Node("/dev/fuse", 0020660, 10, 229, 0, 5, "linux.devices[0]");
        kernel.answer(
                "statx(",
                call -> {
                    var statx = ((Arg.Out) call.args()[4]).buffer();
                    statx.putShort(28, (short) 0020660).putInt(128, 10).putInt(132, 229);
                    return 0;
                });

        new CreateDevices(List.of(node), false).apply(context);

        assertEquals("umask(0)", kernel.calls().get(0));
        assertEquals(1, kernel.calls("mknodat(").size());
        assertTrue(
                kernel.calls("mknodat(").get(0).endsWith("\"fuse\", 020660, 2789)"),
                () -> kernel.calls().toString());
        assertEquals(1, kernel.calls("fchownat(").size());
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void anotherDeviceInItsPlaceIsRefused() {
        kernel.fail("mknodat", Errno.EEXIST);
        kernel.statx("", 0020666);
        kernel.fail("check(", Errno.EBADMSG);
        CreateDevices.Node node = CreateDevices.standard("null", 1, 3);

        assertEquals(
                "root.path: \"/dev/null\" exists already and is another device;"
                        + " remove it from the image",
                failure(new CreateDevices(List.of(node), false)).getMessage());
    }

    @Test
    void inAUserNamespaceTheHostsNodesAreBound() {
        nullDevice(1, 3);

        new CreateDevices(List.of(CreateDevices.standard("null", 1, 3)), true).apply(context);

        assertEquals(1, kernel.calls("mknodat").size());
        assertTrue(
                kernel.calls("mknodat(").get(0).endsWith("\"null\", 0100644, 0)"),
                "the file that it covers: " + kernel.calls());
        assertEquals(1, kernel.calls("open_tree").size());
        assertEquals(1, kernel.calls("move_mount").size());
    }

    @Test
    void inAUserNamespaceNodesOfTheImageAreCovered() {
        nullDevice(1, 3);
        kernel.fail("mknodat", Errno.EEXIST);
        kernel.fail("check(", Errno.EBADMSG);

        new CreateDevices(List.of(CreateDevices.standard("null", 1, 3)), true).apply(context);

        assertEquals(1, kernel.calls("move_mount").size());
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void inAUserNamespacePipesAreMade() {
        kernel.statx("", 0010644);
        CreateDevices.Node pipe =
                new CreateDevices.Node("/dev/pipe", 0010644, 0, 0, 0, 0, "linux.devices[0]");

        new CreateDevices(List.of(pipe), true).apply(context);

        assertEquals(1, kernel.calls("mknodat").size());
        assertEquals(List.of(), kernel.calls("open_tree"));
    }

    @Test
    void remountChangesWhatIsNamedAlone() {
        kernel.answer(
                "statx(",
                call -> {
                    ((Arg.Out) call.args()[4]).buffer().putLong(8, 0x2000);
                    return 0;
                });

        new Remount(2, "/data", options("remount", "bind", "ro")).apply(context);
        assertEquals(List.of(), kernel.calls("fspick"));
        assertEquals(1, kernel.calls("mount_setattr").size());

        new Remount(2, "/data", options("remount", "size=2m", "nosuid")).apply(context);
        assertEquals(1, kernel.calls("fspick").size());
        assertTrue(kernel.calls("fsconfig").get(0).contains("\"size\", \"2m\""));
    }

    @Test
    void nothingMountedIsNothingToRemount() {
        assertEquals(
                "mounts[2].options: \"remount\" changes a mount, but nothing is mounted at"
                        + " \"/data\"; leave it out, or list the mount further up",
                failure(new Remount(2, "/data", options("remount", "ro"))).getMessage());
    }

    /** The kernels themselves try again some hundred times: see RenameRaceTest. */
    @Test
    void pathThatRenamesKeepFromBeingFoundIsWalked() {
        kernel.answer(
                "openat2(",
                call -> call.toString().contains("IN_ROOT") ? -Errno.EAGAIN.number() : 77);

        new BindMount(0, "/src", "/data", options("bind"), Optional.empty()).apply(context);

        String attached = kernel.calls("move_mount").get(0);
        assertTrue(attached.contains(", 77<"), attached);
    }
}
