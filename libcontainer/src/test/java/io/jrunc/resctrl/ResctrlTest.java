// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.IntelRdt;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where groups are, and what is asked of the kernel to make them. */
class ResctrlTest {
    private final RecordingKernel kernel = new RecordingKernel();
    private final SetupContext context = SetupContexts.of(kernel);

    private static IntelRdt rdt(String closId, boolean monitoring, String... schemata) {
        return new IntelRdt(
                Optional.ofNullable(closId),
                List.of(schemata),
                Optional.empty(),
                Optional.empty(),
                monitoring);
    }

    private ResctrlGroup group(IntelRdt rdt) {
        return ResctrlGroup.of(kernel, Optional.of("/r"), rdt, "web1");
    }

    private List<String> create(IntelRdt rdt) {
        new CreateResctrlGroup(group(rdt), rdt).apply(context);
        return kernel.calls();
    }

    private List<String> undo() {
        context.rollback().undo(new IllegalStateException());
        return kernel.calls("unlinkat");
    }

    @Test
    void fileSystemIsFoundByItsType() {
        String mountinfo =
                """
                22 26 0:21 / /sys rw,nosuid shared:7 - sysfs resctrl rw
                90 22 0:44 / /sys/fs/resctrl rw,relatime shared:9 master:1 - resctrl resctrl rw
                """;

        assertEquals(Optional.of("/sys/fs/resctrl"), Resctrl.mountPoint(mountinfo));
        assertEquals(
                Optional.empty(), Resctrl.mountPoint("22 26 0:21 / / rw - ext4 /dev/vda rw\n"));
    }

    @Test
    void groupIsThatOfTheContainerUnlessItIsNamed() {
        assertEquals("/r/web1", group(rdt(null, false)).directory());
        assertEquals("/r/gold", group(rdt("gold", false)).directory());
        assertEquals("/r", group(rdt("/", false)).directory());
        assertEquals(Optional.of("/r/mon_groups/web1"), group(rdt("/", true)).monitoring());
    }

    @Test
    void onlyWhatIsTheContainersAloneEndsWithIt() {
        assertEquals(List.of("/r/web1"), group(rdt(null, false)).removals());
        assertEquals(
                List.of("/r/web1/mon_groups/web1", "/r/web1"), group(rdt(null, true)).removals());
        assertEquals(List.of("/r/gold/mon_groups/web1"), group(rdt("gold", true)).removals());
        assertEquals(List.of(), group(rdt("gold", false, "L3:0=f")).removals());
    }

    @Test
    void schemataAreWrittenInOneCallIntoTheNewGroup() {
        List<String> calls = create(rdt(null, true, "L3:0=f", "MB:0=50"));

        assertEquals(
                List.of(
                        "mkdirat(AT_FDCWD, \"/r/web1\", 0755)",
                        "openat(AT_FDCWD, \"/r/web1/schemata\", O_WRONLY|O_CLOEXEC)",
                        "write(100</r/web1/schemata>, \"L3:0=f\\nMB:0=50\\n\", 15)",
                        "mkdirat(AT_FDCWD, \"/r/web1/mon_groups/web1\", 0755)"),
                calls);
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void withoutSchemataNoneIsWritten() {
        assertEquals(1, create(rdt(null, false)).size());
    }

    @Test
    void groupThatIsNamedAloneMustBeThere() {
        kernel.fail("statx", Errno.ENOENT);

        Failure failure = assertThrows(Failure.class, () -> create(rdt("gold", false)));

        assertEquals(
                "linux.intelRdt.closID: the resctrl group /r/gold does not exist; make it, or"
                        + " write schemata, and it will be made",
                failure.getMessage());
        assertEquals(List.of(), kernel.calls("mkdirat"));
    }

    @Test
    void stepsAreUndoneInReverse() {
        create(rdt("gold", true, "L3:0=f"));

        assertEquals(
                List.of(
                        "unlinkat(AT_FDCWD, \"/r/gold/mon_groups/web1\", 512)",
                        "unlinkat(AT_FDCWD, \"/r/gold\", 512)"),
                undo());
    }

    @Test
    void existingThingsAreNotUndone() {
        kernel.fail("mkdirat(AT_FDCWD, \"/r/gold\",", Errno.EEXIST);
        IntelRdt rdt = rdt("gold", false, "L3:0=f");

        assertThrows(Failure.class, () -> create(rdt)); // it is another

        assertEquals(List.of(), undo());
    }

    @Test
    void initJoinsTheGroupBeforeItsMonitoringGroup() {
        new JoinResctrlGroup(group(rdt("gold", true))).apply(context);

        assertEquals(
                List.of(
                        "openat(AT_FDCWD, \"/r/gold/tasks\", O_WRONLY|O_CLOEXEC)",
                        "write(100</r/gold/tasks>, \"1\", 1)",
                        "openat(AT_FDCWD, \"/r/gold/mon_groups/web1/tasks\", O_WRONLY|O_CLOEXEC)",
                        "write(101</r/gold/mon_groups/web1/tasks>, \"1\", 1)"),
                kernel.calls());
    }

    @Test
    void failureSaysWhichFile() {
        kernel.fail("write", Errno.EINVAL);

        String message =
                assertThrows(Failure.class, () -> create(rdt(null, false, "L3:0=0"))).getMessage();

        assertTrue(message.startsWith("write /r/web1/schemata: EINVAL"), message);
    }
}
