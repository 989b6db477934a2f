// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Carries out what {@code PseudoCode} writes, for some arguments. */
public final class PseudoCodeReader {
    private static final Pattern LINE = Pattern.compile("( *)(?:if (.*?):)? ?(?:return (.*))?");
    private static final Pattern CONDITION =
            Pattern.compile("\\(?arg(\\d)(?: & (\\w+)\\))? (in|[=!<>]=?) (.*)");

    private PseudoCodeReader() {}

    /** What is returned. */
    public static String run(List<String> code, SystemCall call) {
        int inside = 0;
        for (String line : code) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new AssertionError("no pseudo-code: " + line);
            }
            int depth = matcher.group(1).length();
            if (depth > inside) {
                continue; // in a block whose condition did not hold
            }
            boolean applies = matcher.group(2) == null || holds(matcher.group(2), call);
            if (applies && matcher.group(3) != null) {
                return matcher.group(3);
            }
            inside = applies ? depth + 2 : depth;
        }
        throw new AssertionError("nothing is returned: " + code);
    }

    private static boolean holds(String condition, SystemCall call) {
        Matcher matcher = CONDITION.matcher(condition);
        if (!matcher.matches()) {
            throw new AssertionError("no condition: " + condition);
        }
        long value = call.argument(Integer.parseInt(matcher.group(1)));
        if (!call.architecture().hasWideArguments()) {
            value &= 0xffff_ffffL;
        }
        if (matcher.group(2) != null) {
            value &= number(matcher.group(2));
        }
        String operand = matcher.group(4);
        if (matcher.group(3).equals("in")) {
            return isIn(operand, value);
        }
        int order = Long.compareUnsigned(value, number(operand));
        return switch (matcher.group(3)) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> throw new AssertionError(condition);
        };
    }

    private static boolean isIn(String list, long value) {
        for (String range : list.split(", ", -1)) {
            String[] ends = range.split("\\.\\.", -1);
            if (Long.compareUnsigned(number(ends[0]), value) <= 0
                    && Long.compareUnsigned(value, number(ends[ends.length - 1])) <= 0) {
                return true;
            }
        }
        return false;
    }

    private static long number(String text) {
        return text.startsWith("0x")
                ? Long.parseUnsignedLong(text.substring(2), 16)
                : Long.parseLong(text);
    }
}
