// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which system calls a filter lets pass whatever their arguments are: every path through its
 * instructions is followed. A name that the architecture does not have never passes.
 */
public final class UnconditionalCalls {
    // Offsets in struct seccomp_data.
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;

    private final ByteBuffer instructions;
    private final Architecture architecture;

    private UnconditionalCalls(ByteBuffer instructions, Architecture architecture) {
        this.instructions = instructions;
        this.architecture = architecture;
    }

    /** Returns those of {@code program} for processes of {@code architecture}. */
    public static UnconditionalCalls of(BpfProgram program, Architecture architecture) {
        ByteBuffer bytes = ByteBuffer.wrap(program.toBytes(ByteOrder.nativeOrder()));
        return new UnconditionalCalls(bytes.order(ByteOrder.nativeOrder()), architecture);
    }

    /** Returns whether each of these passes. */
    public boolean allow(List<String> names) {
        for (String name : names) {
            int number = SyscallTable.number(architecture, SyscallTable.indexOf(name));
            if (number == SyscallTable.ABSENT || !allows(number)) {
                return false;
            }
        }
        return true;
    }

    /** What is known when an instruction is reached: the word in the accumulator, or nothing. */
    private record Point(int at, boolean known, int word) {}

    /** Tests of the number or architecture lead to one instruction, those of arguments to two. */
    private boolean allows(int number) {
        Deque<Point> open = new ArrayDeque<>(List.of(new Point(0, false, 0)));
        Set<Point> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Point point = open.pop();
            if (!seen.add(point)) {
                continue;
            }
            if (code(point.at) == BpfProgram.RETURN) {
                if (!passes(constant(point.at))) {
                    return false;
                }
            } else {
                follow(point, number, open);
            }
        }
        return true;
    }

    private void follow(Point point, int number, Deque<Point> open) {
        int next = point.at + 1;
        int constant = constant(point.at);
        switch (code(point.at)) {
            case BpfProgram.LOAD -> {
                boolean known = constant == NUMBER || constant == ARCHITECTURE;
                int word = constant == NUMBER ? number : architecture.auditArch();
                open.push(known ? new Point(next, true, word) : new Point(next, false, 0));
            }
            case BpfProgram.AND -> open.push(new Point(next, point.known, point.word & constant));
            case BpfProgram.JUMP -> open.push(new Point(next + constant, point.known, point.word));
            default -> {
                boolean holds = holds(code(point.at), point.word, constant);
                if (!point.known || holds) {
                    open.push(new Point(next + jump(point.at, 2), point.known, point.word));
                }
                if (!point.known || !holds) {
                    open.push(new Point(next + jump(point.at, 3), point.known, point.word));
                }
            }
        }
    }

    private static boolean holds(int code, int word, int constant) {
        return switch (code) {
            case BpfProgram.JUMP_EQUAL -> word == constant;
            case BpfProgram.JUMP_GREATER -> Integer.compareUnsigned(word, constant) > 0;
            case BpfProgram.JUMP_AT_LEAST -> Integer.compareUnsigned(word, constant) >= 0;
            case BpfProgram.JUMP_ANY_BIT -> (word & constant) != 0;
            default -> throw new IllegalStateException("no instruction of ours: " + code);
        };
    }

    private static boolean passes(int returned) {
        return returned == Action.ALLOW.returnValue(0) || returned == Action.LOG.returnValue(0);
    }

    private int code(int at) {
        return Short.toUnsignedInt(instructions.getShort(at * BpfProgram.INSTRUCTION_SIZE));
    }

    private int jump(int at, int offset) {
        return Byte.toUnsignedInt(instructions.get(at * BpfProgram.INSTRUCTION_SIZE + offset));
    }

    private int constant(int at) {
        return instructions.getInt(at * BpfProgram.INSTRUCTION_SIZE + 4);
    }
}
