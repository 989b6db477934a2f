// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.compile.Decision;
import io.jrunc.seccomp.compile.FilterCompiler;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Asks a filter what it decides about a system call, on every architecture that it covers. The
 * answer comes from the very decisions that are assembled into instructions. What a tracer or a
 * listener may still decide is no answer of the filter: it counts as refused by {@code NOTIFY}, and
 * as allowed by {@code TRACE}, as everywhere in this package.
 */
public final class FilterReview {
    /** What becomes of a call, from the safest to the most dangerous answer. */
    public enum Verdict {
        REFUSED,
        /** Some values of the arguments that were left open let it pass. */
        SOMETIMES,
        ALLOWED
    }

    // struct seccomp_data, see seccomp(2).
    private static final int DATA_BYTES = 64;
    private static final int ARGUMENTS = 16;
    private static final int RETURN_ACTION = 0xffff_0000;

    private final Decision root;
    private final Set<Architecture> architectures = new LinkedHashSet<>();

    private FilterReview(Decision root) {
        this.root = root;
    }

    /** Reviews what {@link FilterCompiler} would make of the same. */
    public static FilterReview of(Seccomp profile, Architecture nativeArchitecture) {
        FilterReview review = new FilterReview(FilterCompiler.decide(profile, nativeArchitecture));
        review.architectures.add(nativeArchitecture);
        review.architectures.addAll(profile.architectures());
        return review;
    }

    /**
     * Returns the most dangerous answer of all architectures that have the call.
     *
     * @param arguments the first ones; those that are not given may be anything
     */
    public Verdict verdict(String call, long... arguments) {
        int index = SyscallTable.indexOf(call);
        Verdict worst = Verdict.REFUSED;
        for (Architecture architecture : architectures) {
            int number = SyscallTable.number(architecture, index);
            if (number != SyscallTable.ABSENT) {
                Verdict one = new Walk(architecture, number, arguments).verdict(root);
                worst = one.compareTo(worst) > 0 ? one : worst;
            }
        }
        return worst;
    }

    /** One way through the decisions; both ways where the word tested is not known. */
    private static final class Walk {
        private final ByteBuffer data;
        private final int known;
        private final Set<Decision> seen = new LinkedHashSet<>();
        private boolean allows;
        private boolean refuses;

        Walk(Architecture architecture, int number, long... arguments) {
            data = ByteBuffer.allocate(DATA_BYTES);
            data.order(architecture.order());
            data.putInt(number).putInt(architecture.auditArch()).putLong(0);
            for (long argument : arguments) {
                data.putLong(argument);
            }
            known = ARGUMENTS + arguments.length * Long.BYTES;
        }

        Verdict verdict(Decision root) {
            follow(root);
            if (!allows) {
                return Verdict.REFUSED;
            }
            return refuses ? Verdict.SOMETIMES : Verdict.ALLOWED;
        }

        private void follow(Decision start) {
            Decision at = start;
            while (!at.isFinal()) {
                if (at.word >= known) {
                    if (!seen.add(at)) {
                        return;
                    }
                    follow(at.no);
                    at = at.yes;
                } else {
                    at = at.holds(data.getInt(at.word)) ? at.yes : at.no;
                }
            }
            if (isAllowed(at.constant & RETURN_ACTION)) {
                allows = true;
            } else {
                refuses = true;
            }
        }

        private static boolean isAllowed(int value) {
            for (Action action : Action.values()) {
                if (action.allows() && action.returnValue(0) == value) {
                    return true;
                }
            }
            return false;
        }
    }
}
