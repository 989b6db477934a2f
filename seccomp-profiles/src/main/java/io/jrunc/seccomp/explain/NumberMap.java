// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.compile.Decision;
import io.jrunc.seccomp.compile.Decision.Test;
import io.jrunc.seccomp.compile.FilterCompiler;
import io.jrunc.seccomp.compile.Intervals;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a filter decides on one architecture, by the number of the call: read back from the compiled
 * decisions, not from the profile.
 */
final class NumberMap {
    // Offsets in struct seccomp_data.
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;

    /** Numbers that are decided alike, both ends included; unsigned. */
    record Span(long first, long last, Decision decision) {}

    private final Architecture architecture;
    private final List<Span> spans = new ArrayList<>();

    private NumberMap(Architecture architecture, Decision root) {
        this.architecture = architecture;
        // x32 shares the kernel's name of the architecture, and begins at its bit.
        boolean hasX32 = architecture == Architecture.X86_64;
        long first = architecture == Architecture.X32 ? SyscallTable.X32_BIT : 0;
        long last = hasX32 ? SyscallTable.X32_BIT - 1 : Intervals.MAX_WORD;
        walk(ofArchitecture(root, architecture), first, last);
    }

    /** Returns one for each architecture that the filter covers, the native one first. */
    static List<NumberMap> of(Seccomp profile, Architecture nativeArchitecture) {
        Decision root = FilterCompiler.decide(profile, nativeArchitecture);
        Set<Architecture> covered = new LinkedHashSet<>();
        covered.add(nativeArchitecture);
        covered.addAll(profile.architectures());
        List<NumberMap> maps = new ArrayList<>();
        for (Architecture architecture : covered) {
            maps.add(new NumberMap(architecture, root));
        }
        return maps;
    }

    Architecture architecture() {
        return architecture;
    }

    /** By ascending number; neighbours differ, and together they are all numbers there are. */
    List<Span> spans() {
        return spans;
    }

    /** Returns what is decided about a number. */
    Decision at(int number) {
        long wanted = Integer.toUnsignedLong(number);
        for (Span span : spans) {
            if (span.first <= wanted && wanted <= span.last) {
                return span.decision;
            }
        }
        throw new IllegalArgumentException(number + " is no call of " + architecture);
    }

    private static Decision ofArchitecture(Decision root, Architecture architecture) {
        Decision at = root;
        while (at.test == Test.EQUAL && at.word == ARCHITECTURE) {
            at = at.constant == architecture.auditArch() ? at.yes : at.no;
        }
        return at;
    }

    private void walk(Decision decision, long first, long last) {
        if (first > last) {
            return;
        }
        if (decision.isFinal() || decision.word != NUMBER) {
            append(first, last, decision);
            return;
        }
        long constant = Integer.toUnsignedLong(decision.constant);
        if (decision.test == Test.EQUAL) {
            boolean isInside = first <= constant && constant <= last;
            walk(decision.no, first, isInside ? constant - 1 : last);
            if (isInside) {
                walk(decision.yes, constant, constant);
                walk(decision.no, constant + 1, last);
            }
        } else {
            long border = decision.test == Test.GREATER ? constant + 1 : constant;
            walk(decision.no, first, Math.min(last, border - 1));
            walk(decision.yes, Math.max(first, border), last);
        }
    }

    private void append(long first, long last, Decision decision) {
        int end = spans.size() - 1;
        if (end >= 0 && spans.get(end).decision.equals(decision)) {
            spans.set(end, new Span(spans.get(end).first, last, decision));
        } else {
            spans.add(new Span(first, last, decision));
        }
    }
}
