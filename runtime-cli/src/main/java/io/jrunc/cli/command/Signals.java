// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import java.util.List;
import java.util.Locale;

/** Signals by number or name. signal(7). */
public final class Signals {
    private static final int MAX = 64;

    /** Names without their common beginning, in the order of their numbers, from 1 on. */
    public static final List<String> NAMES =
            List.of(
                    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
                    "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
                    "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
                    "PWR", "SYS");

    private static final int RTMIN = 34;

    private Signals() {}

    /**
     * Returns the number of {@code word}: {@code 15}, {@code TERM}, {@code SIGTERM}, in any case.
     */
    static int parse(String word) {
        String name = word.toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        int known = NAMES.indexOf(name);
        if (known >= 0) {
            return known + 1;
        }
        int number = number(name.startsWith("RTMIN+") ? name.substring(6) : name);
        if (number >= 0 && name.startsWith("RTMIN+")) {
            number += RTMIN;
        }
        if (number < 0 || number > MAX) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "unknown signal \"" + word + "\"; write a name as TERM or a number");
        }
        return number;
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
