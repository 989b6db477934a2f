// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A call as a filter sees it: {@code struct seccomp_data}, see seccomp(2). */
public final class SystemCall {
    private static final int SIZE = 64;

    private final Architecture architecture;
    private final int number;
    private final long[] arguments;

    public SystemCall(Architecture architecture, int number, long... arguments) {
        this.architecture = architecture;
        this.number = number;
        this.arguments = Arrays.copyOf(arguments, 6);
    }

    static ByteOrder order(Architecture architecture) {
        return architecture.isLittleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    public Architecture architecture() {
        return architecture;
    }

    public int number() {
        return number;
    }

    public long argument(int index) {
        return arguments[index];
    }

    /** The structure in memory, words in the byte order of the architecture. */
    ByteBuffer data() {
        ByteBuffer data = ByteBuffer.allocate(SIZE).order(order(architecture));
        data.putInt(number).putInt(architecture.auditArch()).putLong(0);
        for (long argument : arguments) {
            data.putLong(argument);
        }
        return data;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(architecture + " " + number + "(");
        for (long argument : arguments) {
            text.append(" 0x").append(Long.toHexString(argument));
        }
        return text.append(" )").toString();
    }
}
