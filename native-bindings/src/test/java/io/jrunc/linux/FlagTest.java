// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlagTest {
    private static List<Flag> all() {
        List<Flag> all = new ArrayList<>();
        all.addAll(Arrays.asList(MountFlag.values()));
        all.addAll(Arrays.asList(MountAttr.values()));
        all.addAll(Arrays.asList(CloneFlag.values()));
        all.addAll(Arrays.asList(OpenFlag.values()));
        all.addAll(Arrays.asList(ResolveFlag.values()));
        all.addAll(Arrays.asList(AtFlag.values()));
        return all;
    }

    @Test
    void setsPrintTheNamesOfTheHeaders() {
        assertEquals("0", Flag.names(Set.of()));
        assertEquals("O_WRONLY|O_CREAT", Flag.names(EnumSet.of(OpenFlag.CREAT, OpenFlag.WRONLY)));
        assertEquals("MS_NOSUID", Flag.names(EnumSet.of(MountFlag.NOSUID)));
        assertEquals(
                "MOUNT_ATTR_RDONLY|MOUNT_ATTR_NODEV",
                Flag.names(EnumSet.of(MountAttr.RDONLY, MountAttr.NODEV)));
        assertEquals(
                "CLONE_NEWNS|CLONE_NEWPID",
                Flag.names(EnumSet.of(CloneFlag.NEWPID, CloneFlag.NEWNS)));
        assertEquals("RESOLVE_IN_ROOT", Flag.names(EnumSet.of(ResolveFlag.IN_ROOT)));
    }

    @Test
    void bitsAreJoined() {
        assertEquals(0, Flag.bits(Set.of()));
        assertEquals(
                0x28020000L,
                Flag.bits(EnumSet.of(CloneFlag.NEWNS, CloneFlag.NEWIPC, CloneFlag.NEWPID)));
        assertEquals(0x200000000L, Flag.bits(EnumSet.of(CloneFlag.INTO_CGROUP)));
    }

    @Test
    void everyNameIsInTheStyleOfTheHeaders() {
        for (Flag flag : all()) {
            assertTrue(flag.constant().matches("[A-Z][A-Z0-9_]+"), flag.constant());
            assertTrue(flag.bit() >= 0, flag.constant());
        }
    }
}
