// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.Mount;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mounts get {@code linux.mountLabel}, and how its commas survive. */
class MountContextTest {
    private static final String LABEL = "system_u:object_r:container_file_t:s0:c1,c2";

    private static final int DIRECTORY = 0040755;

    private final RecordingKernel kernel = new RecordingKernel();
    private final SetupContext context = SetupContexts.of(kernel);

    MountContextTest() {
        context.setRoot(Fd.of(kernel, 9, "rootfs"));
        kernel.statx("", DIRECTORY);
    }

    private static MountOptions options(String... options) {
        return MountOptions.of(
                new Mount(
                        "/run",
                        Optional.of("tmpfs"),
                        Optional.of("tmpfs"),
                        List.of(options),
                        List.of(),
                        List.of()));
    }

    @Test
    void newFileSystemGetsTheLabel() {
        MountOptions labelled = MountContext.in(options("mode=755"), "tmpfs", "context", LABEL);

        assertEquals(List.of("mode=755", "context=" + LABEL), labelled.data());
    }

    @ParameterizedTest
    @ValueSource(strings = {"proc", "sysfs", "mqueue"})
    void fileSystemsOfTheKernelGetNone(String type) {
        assertEquals(List.of(), MountContext.in(options(), type, "context", LABEL).data());
    }

    @ParameterizedTest
    @ValueSource(strings = {"context=a:b:c:s0", "defcontext=a:b:c:s0"})
    void contextOfTheMountItselfComesFirst(String own) {
        assertEquals(List.of(own), MountContext.in(options(own), "tmpfs", "context", LABEL).data());
    }

    /** Otherwise naming the context of the root would remove that of the files. */
    @Test
    void contextsOfOtherThingsDoNotStandInItsWay() {
        assertEquals(
                List.of("rootcontext=a:b:c:s0", "context=" + LABEL),
                MountContext.in(options("rootcontext=a:b:c:s0"), "tmpfs", "context", LABEL).data());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    context     | "a:b:c:s0:c1,c2" | a:b:c:s0:c1,c2
                    fscontext   | "a"              | a
                    defcontext  | "a"              | a
                    rootcontext | "a"              | a
                    context     | a:b:c:s0:c1,c2   | a:b:c:s0:c1,c2
                    context     | "a               | "a
                    context     | "                | "
                    size        | "5k"             | "5k"
                    """)
    void quotesAreForMountOnly(String key, String value, String plain) {
        assertEquals(plain, MountContext.unquoted(key, value));
    }

    @Test
    void quotedContextReachesTheKernelWithoutQuotes() {
        MountOptions options = options("size=5k", "context=\"" + LABEL + "\"");

        new MountFileSystem(1, "tmpfs", "t", "/run", options, Optional.empty()).apply(context);

        assertEquals(
                List.of("fsconfig(100<tmpfs>, 1, \"context\", \"" + LABEL + "\", 0)"),
                kernel.calls("fsconfig(100<tmpfs>, 1, \"context\""));
    }

    @Test
    void rootOfAMessageQueueIsLabelledBeforeItIsAttached() {
        new MountFileSystem(4, "mqueue", "mqueue", "/dev/mqueue", options(), Optional.of(LABEL))
                .apply(context);

        List<String> calls = kernel.calls();
        int labelled =
                calls.indexOf(
                        "fsetxattr(102<mqueue/.>, \"security.selinux\", \"" + LABEL + "\", 44, 0)");
        int attached = calls.indexOf(kernel.calls("move_mount(101<mqueue>").get(0));
        assertEquals(true, labelled > 0 && labelled < attached, calls::toString);
    }

    @Test
    void annotationChoosesTheOption() {
        String kind = MountContext.kind(Map.of("run.oci.mount_context_type", "fscontext"));

        assertEquals(
                List.of("fscontext=" + LABEL),
                MountContext.in(options(), "tmpfs", kind, LABEL).data());
        assertEquals("context", MountContext.kind(Map.of()));
    }

    @Test
    void unknownTypeIsRefused() {
        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> MountContext.kind(Map.of("run.oci.mount_context_type", "size")));

        assertTrue(failure.getMessage().contains("\"size\" is no type"), failure::toString);
    }
}
