// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.seccomp.Action;

/** Writes instructions of a {@link BpfProgram} for people. */
final class Listing {
    private static final int LINE_DIGITS = 4;
    private static final int HEX_DIGITS = 8;
    private static final int FIRST_ARGUMENT = 16;

    private Listing() {}

    static void append(StringBuilder text, int line, int code, int yes, int no, int constant) {
        lineNumber(text, line);
        text.append("  ");
        switch (code) {
            case BpfProgram.LOAD -> text.append("load ").append(word(constant));
            case BpfProgram.AND -> text.append("and ").append(hex(constant));
            case BpfProgram.JUMP -> text.append("goto ").append(line + 1 + constant);
            case BpfProgram.JUMP_EQUAL -> jump(text, line, "==", constant, yes, no);
            case BpfProgram.JUMP_GREATER -> jump(text, line, ">", constant, yes, no);
            case BpfProgram.JUMP_AT_LEAST -> jump(text, line, ">=", constant, yes, no);
            case BpfProgram.JUMP_ANY_BIT -> jump(text, line, "&", constant, yes, no);
            case BpfProgram.RETURN -> text.append("return ").append(value(constant));
            default -> text.append("unknown ").append(hex(code));
        }
        text.append('\n');
    }

    private static void jump(
            StringBuilder text, int line, String operator, int constant, int yes, int no) {
        text.append("if ").append(operator).append(' ').append(hex(constant));
        text.append(" goto ").append(line + 1 + yes);
        text.append(" else ").append(line + 1 + no);
    }

    private static void lineNumber(StringBuilder text, int line) {
        String digits = Integer.toString(line);
        for (int i = digits.length(); i < LINE_DIGITS; i++) {
            text.append(' ');
        }
        text.append(digits);
    }

    /** Returns the fields of {@code struct seccomp_data}; seccomp(2). */
    private static String word(int offset) {
        if (offset == 0) {
            return "nr";
        }
        if (offset == 4) {
            return "arch";
        }
        if (offset < FIRST_ARGUMENT) {
            return "ip+" + (offset - 8);
        }
        int argument = offset - FIRST_ARGUMENT;
        return "args[" + argument / 8 + "]+" + argument % 8;
    }

    private static String value(int constant) {
        int data = constant & 0xffff;
        for (Action action : Action.values()) {
            if (action != Action.KILL && action.returnValue(0) == (constant & ~0xffff)) {
                return data == 0 && !action.takesErrno() ? action.name() : action + " " + data;
            }
        }
        return hex(constant);
    }

    private static String hex(int constant) {
        String digits = Integer.toHexString(constant);
        StringBuilder text = new StringBuilder("0x");
        for (int i = digits.length(); i < HEX_DIGITS; i++) {
            text.append('0');
        }
        return text.append(digits).toString();
    }
}
