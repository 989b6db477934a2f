// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import io.jrunc.confinement.record.Denial;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a profile has denied a container, for people: of calls that are alike the first one, and how
 * many there were.
 */
public final class DeniedCalls {
    /** So that a program that tries everything does not fill our memory. */
    private static final int MAX_KINDS = 1000;

    private final Map<Kind, Tally> tallies = new LinkedHashMap<>();
    private int untold;

    /** What makes two denials alike. */
    private record Kind(String call, String program, String rule) {}

    private static final class Tally {
        final Denial first;
        int count;

        Tally(Denial first) {
            this.first = first;
        }
    }

    /** Adds one. */
    public synchronized void add(Denial denial) {
        String call = denial.call().name().orElse(Integer.toString(denial.call().number()));
        Kind kind = new Kind(call, denial.program(), denial.verdict().rule());
        if (tallies.size() == MAX_KINDS && !tallies.containsKey(kind)) {
            untold++;
            return;
        }
        tallies.computeIfAbsent(kind, k -> new Tally(denial)).count++;
    }

    /** Tells of all, or that there were none. */
    public synchronized void print(Log log) {
        if (tallies.isEmpty()) {
            log.warn("linux.seccomp has denied nothing");
        }
        for (Tally tally : tallies.values()) {
            String times = tally.count == 1 ? "" : " (the first of " + tally.count + ")";
            log.warn("denied: " + tally.first.sentence() + times);
        }
        if (untold > 0) {
            log.warn("denied: " + untold + " further calls of other kinds");
        }
    }
}
