// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.linux.Failure;
import java.util.Arrays;
import java.util.List;

/**
 * Turns a graph of decisions into instructions, from the program's end to its beginning: BPF jumps
 * only forward, so whatever an instruction jumps to has its place already.
 *
 * <p>Each decision stands once in the program, except final ones, which are repeated where a jump
 * would not reach them. A word is loaded only if it is not in the accumulator yet: a decision has
 * one entry before its load and one after it.
 */
final class Assembler {
    /** The longest conditional jump is 255; three less leaves room for what goes in between. */
    private static final int MAX_OFFSET = 252;

    private static final int NO_WORD = -1;

    /** Positions count from the program's end: the last instruction is 0. */
    private long[] reversed = new long[256];

    private int length;

    // By id of a decision.
    private final int[] entry;
    private final int[] entryAfterLoad;
    private final boolean[] needsLoad;
    private final Decision[] order;
    private int ordered;

    private Assembler(int decisions) {
        entry = new int[decisions];
        entryAfterLoad = new int[decisions];
        needsLoad = new boolean[decisions];
        order = new Decision[decisions];
    }

    /** Assembles what is decided from {@code root} on. */
    static BpfProgram assemble(Decision root, List<String> unknownNames) {
        Assembler assembler = new Assembler(root.id + 1);
        assembler.orderChildrenFirst(root);
        assembler.findLoads(root);
        for (int i = 0; i < assembler.ordered; i++) {
            assembler.place(assembler.order[i]);
        }
        return assembler.program(unknownNames);
    }

    /** In depth first order, so that most jumps are short; without recursion, chains are long. */
    private void orderChildrenFirst(Decision root) {
        boolean[] opened = new boolean[root.id + 1];
        boolean[] done = new boolean[root.id + 1];
        Decision[] stack = new Decision[2 * root.id + 2];
        int depth = 0;
        stack[depth++] = root;
        while (depth > 0) {
            Decision decision = stack[depth - 1];
            if (done[decision.id]) {
                depth--;
            } else if (opened[decision.id] || decision.isFinal()) {
                done[decision.id] = true;
                order[ordered++] = decision;
                depth--;
            } else {
                opened[decision.id] = true;
                stack[depth++] = decision.no;
                stack[depth++] = decision.yes;
            }
        }
    }

    private void findLoads(Decision root) {
        needsLoad[root.id] = true;
        for (int i = 0; i < ordered; i++) {
            Decision decision = order[i];
            if (!decision.isFinal()) {
                findLoad(decision.yes, wordAfter(decision));
                findLoad(decision.no, wordAfter(decision));
            }
        }
    }

    private void findLoad(Decision next, int word) {
        if (!next.isFinal() && next.word != word) {
            needsLoad[next.id] = true;
        }
    }

    /** Returns what the accumulator holds after a decision. */
    private static int wordAfter(Decision decision) {
        return decision.mask == Decision.ALL_BITS ? decision.word : NO_WORD;
    }

    private void place(Decision decision) {
        if (decision.isFinal()) {
            placeFinal(decision);
            return;
        }
        int word = wordAfter(decision);
        int yes = reachable(decision.yes, word);
        int no = reachable(decision.no, word);
        emit(operation(decision), length - 1 - yes, length - 1 - no, decision.constant);
        if (decision.mask != Decision.ALL_BITS) {
            emit(BpfProgram.AND, 0, 0, decision.mask);
        }
        entryAfterLoad[decision.id] = length - 1;
        if (needsLoad[decision.id]) {
            emit(BpfProgram.LOAD, 0, 0, decision.word);
        }
        entry[decision.id] = length - 1;
    }

    private void placeFinal(Decision decision) {
        emit(BpfProgram.RETURN, 0, 0, decision.constant);
        entry[decision.id] = length - 1;
    }

    /** Returns the position of a decision, or of a jump to it if it is too far away. */
    private int reachable(Decision next, int word) {
        boolean loaded = !next.isFinal() && next.word == word;
        int position = loaded ? entryAfterLoad[next.id] : entry[next.id];
        if (length - position <= MAX_OFFSET) {
            return position;
        }
        if (next.isFinal()) {
            placeFinal(next);
        } else {
            emit(BpfProgram.JUMP, 0, 0, length - 1 - position);
        }
        return length - 1;
    }

    private static int operation(Decision decision) {
        return switch (decision.test) {
            case EQUAL -> BpfProgram.JUMP_EQUAL;
            case GREATER -> BpfProgram.JUMP_GREATER;
            case AT_LEAST -> BpfProgram.JUMP_AT_LEAST;
            case ANY_BIT -> BpfProgram.JUMP_ANY_BIT;
            case NONE -> BpfProgram.RETURN;
        };
    }

    private void emit(int code, int jumpTrue, int jumpFalse, int constant) {
        if (length == reversed.length) {
            reversed = Arrays.copyOf(reversed, 2 * length);
        }
        reversed[length++] = BpfProgram.instruction(code, jumpTrue, jumpFalse, constant);
    }

    private BpfProgram program(List<String> unknownNames) {
        if (length > BpfProgram.MAX_INSTRUCTIONS) {
            throw Failure.invalid(
                    "linux.seccomp.syscalls",
                    "the filter has "
                            + length
                            + " instructions, the kernel takes "
                            + BpfProgram.MAX_INSTRUCTIONS);
        }
        long[] instructions = new long[length];
        for (int i = 0; i < length; i++) {
            instructions[i] = reversed[length - 1 - i];
        }
        return new BpfProgram(instructions, unknownNames);
    }
}
