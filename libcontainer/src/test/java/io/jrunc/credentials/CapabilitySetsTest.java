// SPDX-License-Identifier: Apache-2.0
package io.jrunc.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.linux.Errno;
import io.jrunc.spec.Capabilities;
import io.jrunc.testkit.RecordingKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CapabilitySetsTest {
    private static final int LAST = 40;

    private final RecordingKernel kernel = new RecordingKernel();

    private static Optional<List<String>> names(String... names) {
        return Optional.of(List.of(names));
    }

    private static CapabilitySets sets(
            Optional<List<String>> bounding,
            Optional<List<String>> effective,
            Optional<List<String>> inheritable,
            Optional<List<String>> permitted,
            Optional<List<String>> ambient) {
        return CapabilitySets.of(
                new Capabilities(bounding, effective, inheritable, permitted, ambient), LAST);
    }

    @Test
    void namesAreBits() {
        CapabilitySets sets =
                sets(
                        names("CAP_CHOWN"),
                        names("CAP_KILL", "CAP_CHOWN"),
                        names("CAP_CHECKPOINT_RESTORE"),
                        names(),
                        Optional.empty());

        assertEquals(1, sets.bounding());
        assertEquals(0x21, sets.effective());
        assertEquals(1L << 40, sets.inheritable());
        assertEquals(0, sets.permitted());
        assertEquals(0, sets.ambient());
    }

    @Test
    void capabilitiesThatTheKernelDoesNotKnowCountForNone() {
        Capabilities capabilities =
                new Capabilities(
                        names("CAP_CHOWN", "CAP_CHECKPOINT_RESTORE"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        assertEquals(1, CapabilitySets.of(capabilities, 39).bounding());
    }

    @Test
    void everythingOutsideTheBoundingSetIsDropped() {
        sets(
                        names("CAP_CHOWN", "CAP_NET_RAW"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())
                .dropBounding(kernel);

        List<String> expected = new ArrayList<>();
        for (int capability = 0; capability <= LAST; capability++) {
            if (capability != 0 && capability != 13) {
                expected.add("prctl(24, " + capability + ")");
            }
        }
        assertEquals(expected, kernel.calls());
    }

    @Test
    void ambientComesLastForItMustBeWithinTheOthers() {
        sets(
                        names("CAP_KILL"),
                        names("CAP_KILL"),
                        names("CAP_KILL"),
                        names("CAP_KILL"),
                        names("CAP_KILL"))
                .apply(kernel, 0);

        assertEquals(
                List.of(
                        "capset({version=3},"
                                + " {effective=0x20, permitted=0x20, inheritable=0x20})",
                        "prctl(47, 4, 0, 0, 0)",
                        "prctl(47, 2, 5, 0, 0)"),
                kernel.calls());
    }

    @Test
    void ambientCapabilityThatIsNotPermittedIsSkipped() {
        kernel.fail("prctl(47, 2, 0", Errno.EPERM);

        sets(names(), names(), names(), names(), names("CAP_CHOWN", "CAP_KILL")).apply(kernel, 0);

        assertEquals("prctl(47, 2, 5, 0, 0)", kernel.calls().get(3));
    }
}
