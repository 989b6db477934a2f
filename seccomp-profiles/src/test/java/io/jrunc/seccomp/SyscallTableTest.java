// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SyscallTableTest {
    private static int number(Architecture architecture, String name) {
        return SyscallTable.number(architecture, SyscallTable.indexOf(name));
    }

    @Test
    void eachNameIsFound() {
        for (int i = 0; i < SyscallTable.count(); i++) {
            assertEquals(i, SyscallTable.indexOf(SyscallTable.name(i)));
        }
    }

    @Test
    void otherNamesAreNot() {
        for (String name : new String[] {"", " ", "rea", "reads", "ead", "Read", "read write"}) {
            assertEquals(SyscallTable.ABSENT, SyscallTable.indexOf(name), name);
            assertEquals(SyscallTable.ABSENT, number(Architecture.X86_64, name), name);
        }
    }

    @Test
    void numbersAreThoseOfTheKernel() {
        assertEquals(0, number(Architecture.X86_64, "read"));
        assertEquals(3, number(Architecture.X86, "read"));
        assertEquals(63, number(Architecture.AARCH64, "read"));
        assertEquals(4003, number(Architecture.MIPSEL, "read"));
        assertEquals(SyscallTable.ABSENT, number(Architecture.AARCH64, "open"));
    }

    @Test
    void everyArchitectureHasTheCallsThatAllShare() {
        for (Architecture architecture : Architecture.values()) {
            int base = number(architecture, "pidfd_open") - 434;
            assertEquals(base + 462, number(architecture, "mseal"), architecture.name());
            assertEquals(base + 470, number(architecture, "listns"), architecture.name());
        }
    }

    @Test
    void x32NumbersHaveTheirBit() {
        assertEquals(1 << 30, number(Architecture.X32, "read"));
        assertEquals(1 << 30 | 512, number(Architecture.X32, "rt_sigaction"));
    }

    @Test
    void privateCallsOfArmAreFound() {
        assertEquals(0x0f_0005, number(Architecture.ARM, "set_tls"));
    }
}
