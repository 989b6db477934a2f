// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.process.JoinKeyring;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the kernel is asked for labels, and what is said when it refuses. */
class LabelStepsTest {
    private static final long PROC_SUPER_MAGIC = 0x9fa0;

    private final RecordingKernel kernel = onFileSystem(PROC_SUPER_MAGIC);
    private final SetupContext context = SetupContexts.of(kernel);

    private static RecordingKernel onFileSystem(long type) {
        return new RecordingKernel()
                .answer(
                        "fstatfs(",
                        call -> {
                            ((Arg.Out) call.args()[1]).buffer().putLong(0, type);
                            return 0;
                        });
    }

    private static Label profile(String name) {
        return new Label(LabelKind.APPARMOR_PROFILE, name);
    }

    @Test
    void labelIsAskedForWhereNothingMountedCanBeInTheWay() {
        new TryLabel(profile("web")).apply(context);

        assertEquals(
                List.of(
                        "openat(AT_FDCWD, \"/proc\", O_DIRECTORY|O_CLOEXEC|O_PATH)",
                        "openat2(100</proc>, \"thread-self/attr/apparmor/exec\","
                                + " {flags=O_WRONLY|O_CLOEXEC,"
                                + " resolve=RESOLVE_NO_XDEV|RESOLVE_NO_MAGICLINKS|RESOLVE_BENEATH},"
                                + " 24)",
                        "fstatfs(101</proc/thread-self/attr/apparmor/exec>, [120 bytes])",
                        "write(101</proc/thread-self/attr/apparmor/exec>, \"exec web\", 8)"),
                kernel.calls());
        assertEquals(List.of(), kernel.leaked());
    }

    /** CVE-2019-16884: a file that only looks like the one of procfs would swallow the label. */
    @Test
    void fileOfAnotherFileSystemIsRefused() {
        RecordingKernel fake = onFileSystem(0x01021994);

        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> new TryLabel(profile("web")).apply(SetupContexts.of(fake)));

        assertEquals(List.of(), fake.calls("write("));
        assertEquals(List.of(), fake.leaked());
        assertEquals(
                "process.apparmorProfile: /proc/thread-self/attr/apparmor/exec is no file of a"
                        + " procfs; mount one at /proc",
                failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    APPARMOR_PROFILE | ENOENT | process.apparmorProfile: "x" is not loaded; load it with apparmor_parser -r FILE; see aa-status
                    APPARMOR_PROFILE | EACCES | process.apparmorProfile: "x" is denied to the runtime itself; run it less confined; dmesg or ausearch -m avc show the rule
                    SELINUX_LABEL    | EINVAL | process.selinuxLabel: "x" is no context of the loaded policy; write user:role:type:level; see seinfo
                    SELINUX_LABEL    | EACCES | process.selinuxLabel: "x" is denied to the runtime itself; run it less confined; dmesg or ausearch -m avc show the rule
                    MOUNT_LABEL      | EINVAL | linux.mountLabel: "x" is no context of the loaded policy; write user:role:type:level; see seinfo
                    MOUNT_LABEL      | ENOMEM | linux.mountLabel: write x to /proc/thread-self/attr/fscreate: ENOMEM
                    """)
    void refusalNamesFieldAndRemedy(LabelKind kind, Errno errno, String message) {
        kernel.fail("write(", errno);

        Step step = new TryLabel(new Label(kind, "x"));

        Failure failure = assertThrows(Failure.class, () -> step.apply(context));
        assertEquals(message, failure.getMessage());
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void programsLabelIsAskedForByInit() {
        new SetLabel(new Label(LabelKind.SELINUX_LABEL, "u:r:t:s0")).apply(context);

        assertEquals(
                List.of("write(101</proc/thread-self/attr/exec>, \"u:r:t:s0\", 8)"),
                kernel.calls("write("));
        assertEquals(List.of(), kernel.leaked());
    }

    /** What hooks create later must not have it. */
    @Test
    void keyringAloneGetsTheLabel() {
        new JoinKeyring("_ses.web1", false, Optional.of("u:r:t:s0")).apply(context);

        assertEquals(
                List.of(
                        "write(101</proc/thread-self/attr/keycreate>, \"u:r:t:s0\", 8)",
                        "keyctl(1, \"_ses.web1\")",
                        "keyctl(5, 0, 1058734080)",
                        "write(101</proc/thread-self/attr/keycreate>, \"\\n\", 1)"),
                kernel.calls().subList(3, 7));
        assertEquals(List.of(), kernel.leaked());
    }
}
