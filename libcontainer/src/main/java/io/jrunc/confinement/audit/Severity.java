// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.linux.Failure;
import java.util.Locale;

/** How bad a finding is, the worst first. */
public enum Severity {
    /** Control of the program is control of the host, without any bug. */
    CRITICAL,
    /** A whole barrier is missing: one bug, or one mistake elsewhere, gives the host. */
    HIGH,
    /** A barrier is weaker than it need be, or the host and other containers can be disturbed. */
    MEDIUM,
    /** Something can be learnt, or a second line of defence is missing. */
    LOW,
    /** No weakness of this container; good to know. */
    INFO;

    /** Returns the word for people and machines: {@code high}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the severity called {@code word}.
     *
     * @param option named in the failure if there is none
     */
    public static Severity parse(String word, String option) {
        for (Severity severity : values()) {
            if (severity.word().equals(word)) {
                return severity;
            }
        }
        throw Failure.of(
                Failure.Code.USAGE,
                "invalid "
                        + option
                        + " \""
                        + word
                        + "\"; write critical, high, medium, low or info");
    }

    /** Returns whether this is as bad as {@code other}, or worse. */
    public boolean isAtLeast(Severity other) {
        return compareTo(other) <= 0;
    }
}
