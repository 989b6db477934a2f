// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.compile.BpfProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How many instructions a filter executes for a call.
 *
 * @param worst no call, of whatever architecture and with whatever arguments, takes more
 * @param average over the calls of the native architecture that have a name, each as frequent as
 *     any other; where an argument decides, both ways are as frequent
 * @param calls over how many of them
 */
public record InstructionCount(int worst, double average, int calls) {
    private static final int FIRST_ARGUMENT = 16;

    /** Counts for a program that was compiled for an architecture. */
    public static InstructionCount of(BpfProgram program, Architecture nativeArchitecture) {
        ByteBuffer bytes = ByteBuffer.wrap(program.toBytes(ByteOrder.BIG_ENDIAN));
        int[] codes = new int[program.length()];
        int[] yes = new int[codes.length];
        int[] no = new int[codes.length];
        int[] constants = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = bytes.getShort();
            yes[i] = bytes.get() & 0xff;
            no[i] = bytes.get() & 0xff;
            constants[i] = bytes.getInt();
        }
        Counter counter = new Counter(codes, yes, no, constants);
        double sum = 0;
        int calls = 0;
        for (int index = 0; index < SyscallTable.count(); index++) {
            int number = SyscallTable.number(nativeArchitecture, index);
            if (number != SyscallTable.ABSENT) {
                sum += counter.expected(number, nativeArchitecture.auditArch());
                calls++;
            }
        }
        return new InstructionCount(counter.worst(), sum / calls, calls);
    }

    /** The instructions, apart. Jumps lead forward only, so one pass from the end is enough. */
    private record Counter(int[] codes, int[] yes, int[] no, int[] constants) {
        int worst() {
            int[] longest = new int[codes.length];
            for (int i = codes.length - 1; i >= 0; i--) {
                longest[i] =
                        1
                                + switch (codes[i]) {
                                    case BpfProgram.RETURN -> 0;
                                    case BpfProgram.LOAD, BpfProgram.AND -> longest[i + 1];
                                    case BpfProgram.JUMP -> longest[i + 1 + constants[i]];
                                    default ->
                                            Math.max(
                                                    longest[i + 1 + yes[i]],
                                                    longest[i + 1 + no[i]]);
                                };
            }
            return longest[0];
        }

        double expected(int number, int auditArch) {
            double[] memory = new double[codes.length];
            Arrays.fill(memory, -1);
            return expected(0, 0, true, new int[] {number, auditArch}, memory);
        }

        /**
         * From instruction {@code at} on.
         *
         * @param known whether the accumulator is; it no longer is once an argument was loaded
         * @param memory the answers for when it is not
         */
        private double expected(
                int at, int accumulator, boolean known, int[] words, double[] memory) {
            if (!known && memory[at] >= 0) {
                return memory[at];
            }
            int constant = constants[at];
            double rest =
                    switch (codes[at]) {
                        case BpfProgram.RETURN -> 0;
                        case BpfProgram.LOAD ->
                                constant < FIRST_ARGUMENT
                                        ? expected(at + 1, words[constant / 4], true, words, memory)
                                        : expected(at + 1, 0, false, words, memory);
                        case BpfProgram.AND ->
                                expected(at + 1, accumulator & constant, known, words, memory);
                        case BpfProgram.JUMP ->
                                expected(at + 1 + constant, accumulator, known, words, memory);
                        default -> {
                            int one = at + 1 + yes[at];
                            int other = at + 1 + no[at];
                            if (known) {
                                int next = jumps(codes[at], accumulator, constant) ? one : other;
                                yield expected(next, accumulator, true, words, memory);
                            }
                            yield (expected(one, 0, false, words, memory)
                                            + expected(other, 0, false, words, memory))
                                    / 2;
                        }
                    };
            if (!known) {
                memory[at] = rest + 1;
            }
            return rest + 1;
        }

        private static boolean jumps(int code, int word, int constant) {
            return switch (code) {
                case BpfProgram.JUMP_EQUAL -> word == constant;
                case BpfProgram.JUMP_GREATER -> Integer.compareUnsigned(word, constant) > 0;
                case BpfProgram.JUMP_AT_LEAST -> Integer.compareUnsigned(word, constant) >= 0;
                case BpfProgram.JUMP_ANY_BIT -> (word & constant) != 0;
                default -> throw new IllegalStateException("no jump: " + code);
            };
        }
    }
}
