// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.compile.Decision.Test;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes decisions, each of them once: what is decided alike shares its instructions. */
final class DecisionGraph {
    /** Far more than a program can hold, and few enough to be made in an instant. */
    private static final int MAX_DECISIONS = 1 << 18;

    private final Map<Decision, Decision> known = new HashMap<>();
    private final List<Decision> decisions = new ArrayList<>();

    /** Returns the decision to return {@code value} from the filter. */
    Decision returning(int value) {
        return intern(new Decision(size(), value));
    }

    /** Tests the word at offset {@code word}. */
    Decision test(Test test, int word, int constant, Decision yes, Decision no) {
        return test(test, word, Decision.ALL_BITS, constant, yes, no);
    }

    /** Tests whether the word has the bits of {@code datum} where {@code mask} has bits. */
    Decision testMasked(int word, int mask, int datum, Decision yes, Decision no) {
        int bits = datum & mask;
        if (mask == 0) {
            return yes;
        }
        if (bits == 0 && mask != Decision.ALL_BITS) {
            return test(Test.ANY_BIT, word, mask, no, yes);
        }
        if (bits == mask && Integer.bitCount(mask) == 1) {
            return test(Test.ANY_BIT, word, mask, yes, no);
        }
        return test(Test.EQUAL, word, mask, bits, yes, no);
    }

    int size() {
        return decisions.size();
    }

    private Decision test(Test test, int word, int mask, int constant, Decision yes, Decision no) {
        return yes.equals(no)
                ? yes
                : intern(new Decision(size(), test, word, mask, constant, yes, no));
    }

    private Decision intern(Decision decision) {
        Decision same = known.putIfAbsent(decision, decision);
        if (same != null) {
            return same;
        }
        if (size() == MAX_DECISIONS) {
            throw Failure.invalid("linux.seccomp.syscalls", "far too many conditions for a filter");
        }
        decisions.add(decision);
        return decision;
    }
}
