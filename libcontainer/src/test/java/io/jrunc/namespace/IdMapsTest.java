// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.spec.IdMapping;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The process that writes the maps of a user namespace. Source: user_namespaces(7). */
class IdMapsTest {
    private static final String PODMANS = "         0       1000          1\n1 100000 65536\n";

    private static boolean isWithin(long hostId, long size) {
        return IdMaps.isWithin(PODMANS, new IdMapping(0, hostId, size));
    }

    @Test
    void rangeMustLieInOneLineOfTheMapAbove() {
        assertTrue(isWithin(0, 1));
        assertTrue(isWithin(1, 65536));
        assertTrue(isWithin(65536, 1));
        assertFalse(isWithin(0, 2)); // in two: the kernel refuses that
        assertFalse(isWithin(2, 65536));
        assertFalse(isWithin(100000, 1)); // an id of the host
    }

    @Test
    void rootWritesBothItself() {
        RecordingKernel kernel = new RecordingKernel();

        new IdMaps(SetupContexts.of(kernel)).write(ids(100000, 65536), ids(200000, 65536));

        assertEquals(
                List.of(
                        "write(100</proc/1/uid_map>, \"0 100000 65536\\n\", 15)",
                        "write(101</proc/1/gid_map>, \"0 200000 65536\\n\", 15)"),
                kernel.calls("write"));
        assertEquals(List.of(), kernel.leaked());
    }

    @Test
    void helperIsLookedUpInThePathOfTheCaller() {
        RecordingKernel kernel = new RecordingKernel();
        kernel.fail("write(100", Errno.EPERM);
        kernel.answer("read(", call -> 0);

        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> new IdMaps(SetupContexts.of(kernel)).write(List.of(), List.of()));

        assertEquals(
                "only root may map these ids without newuidmap, which is not in PATH  (install it"
                        + " (Debian: package uidmap), or map nothing but the caller's own id)",
                failure.getMessage());
    }

    private static List<IdMapping> ids(long hostId, long size) {
        return List.of(new IdMapping(0, hostId, size));
    }
}
