// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.compile.Decision;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what a filter decides about the arguments of one call: conditions and returns, each of
 * which ends the decision, so that the next line is read only if none before it has applied.
 */
final class PseudoCode {
    private static final String STEP = "  ";

    /** The most that is printed; a filter of the largest size may need more lines. */
    private static final int MAX_LINES = 4096;

    private final List<String> lines = new ArrayList<>();

    private PseudoCode() {}

    /** Returns the lines; one, {@code return ALLOW}, if the arguments do not matter. */
    static List<String> of(Decision decision, ArgumentWords words) {
        PseudoCode code = new PseudoCode();
        code.write(decision, words, "");
        return code.lines;
    }

    private void write(Decision decision, ArgumentWords words, String indent) {
        Decision at = words.skipKnown(decision);
        while (!at.isFinal()) {
            ArgumentRanges ranges =
                    ArgumentRanges.isComparison(at) ? ArgumentRanges.of(at, words) : null;
            if (ranges == null || ranges.isOne()) {
                at = words.skipKnown(oneTest(at, words, indent));
            } else {
                for (ArgumentRanges.Branch branch : ranges.branches()) {
                    branch(branch.condition(), branch.next(), branch.words(), indent);
                }
                at = ranges.otherwise();
            }
        }
        add(indent + "return " + Outcome.of(at.constant));
    }

    /** Writes the shorter way, and returns the other one. */
    private Decision oneTest(Decision test, ArgumentWords words, String indent) {
        Decision yes = words.skipKnown(test.yes);
        Decision no = words.skipKnown(test.no);
        boolean leavesByNo = no.isFinal() && !yes.isFinal();
        branch(words.condition(test, !leavesByNo), leavesByNo ? no : yes, words, indent);
        return leavesByNo ? yes : no;
    }

    private void branch(String condition, Decision next, ArgumentWords words, String indent) {
        Decision at = words.skipKnown(next);
        if (at.isFinal()) {
            add(indent + "if " + condition + ": return " + Outcome.of(at.constant));
        } else {
            add(indent + "if " + condition + ":");
            write(at, words, indent + STEP);
        }
    }

    private void add(String line) {
        if (lines.size() == MAX_LINES) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "the filter branches too often to be written as pseudo-code; write --listing"
                            + " for its instructions");
        }
        lines.add(line);
    }
}
