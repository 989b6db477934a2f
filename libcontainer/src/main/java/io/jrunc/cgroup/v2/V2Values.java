package io.jrunc.cgroup.v2;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Memory;

/** How v2 writes what the specification says in the terms of v1. */
public final class V2Values {
    private V2Values() {}

    /** {@code linux.resources.cpu.shares} as {@code cpu.weight}. */
    public static long cpuWeight(long shares) {
        return CpuController.weight(shares);
    }

    /** {@code linux.resources.blockIO.weight} as {@code io.weight}. */
    public static int ioWeight(int weight) {
        return IoController.converted(weight);
    }

    /** What {@code memory.swap.max} gets: bytes, "max", or "" for nothing. */
    public static String swap(Memory memory) {
        return MemoryController.swap(memory);
    }

    /** A value of {@code linux.resources.unified} that must be a number. */
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
