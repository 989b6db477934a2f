// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Memory;

/** How v2 writes what the specification says in the terms of v1. */
public final class V2Values {
    private static final int NICE_0 = 20;

    private static final int[] NICE_WEIGHTS = {
        88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100,
        4904, 3906, 3121, 2501, 1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
        110, 87, 70, 56, 45, 36, 29, 23, 18, 15
    };

    private V2Values() {}

    /** {@code linux.resources.cpu.shares} as {@code cpu.weight}. */
    public static long cpuWeight(long shares) {
        return CpuController.weight(shares);
    }

    /** {@code linux.resources.blockIO.weight} as {@code io.weight}. */
    public static int ioWeight(int weight) {
        return IoController.converted(weight);
    }

    /** Returns what {@code memory.swap.max} gets: bytes, "max", or "" for nothing. */
    public static String swap(Memory memory) {
        return MemoryController.swap(memory);
    }

    /**
     * Returns what the kernel makes of {@code cpu.weight.nice}. Source: sched_prio_to_weight in
     * kernel/sched/core.c, which is 1024 for nice 0.
     */
    public static long niceWeight(String nice) {
        int index;
        try {
            index = Integer.parseInt(nice) + NICE_0;
        } catch (NumberFormatException e) {
            index = -1;
        }
        if (index < 0 || index >= NICE_WEIGHTS.length) {
            throw Failure.invalid(
                    "linux.resources.unified[\"cpu.weight.nice\"]",
                    "\"" + nice + "\" is not a nice value",
                    "write a number from -20 to 19");
        }
        return Math.round(NICE_WEIGHTS[index] * 100.0 / NICE_WEIGHTS[NICE_0]);
    }

    /** Returns a value of {@code linux.resources.unified} that must be a number. */
    public static long number(String value) {
        try {
            return Long.parseUnsignedLong(value);
        } catch (NumberFormatException e) {
            throw Failure.invalid(
                    "linux.resources.unified",
                    "\"" + value + "\" is not a number",
                    "write bytes, without a unit, or max");
        }
    }
}
