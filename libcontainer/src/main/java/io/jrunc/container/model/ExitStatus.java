// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import java.util.OptionalInt;

/**
 * How a process has ended.
 *
 * @param code its exit code; 128 and the number of the signal if one ended it, as in a shell
 * @param signal the signal that ended it; empty if it exited
 */
public record ExitStatus(int code, OptionalInt signal) {
    private static final int SIGNAL_MASK = 0x7f;
    private static final int CODE_SHIFT = 8;
    private static final int CODE_MASK = 0xff;
    private static final int SIGNALLED = 128;

    /** Reads what wait(2) returns. */
    public static ExitStatus ofWait(int bits) {
        int signal = bits & SIGNAL_MASK;
        return signal == 0
                ? new ExitStatus(bits >> CODE_SHIFT & CODE_MASK, OptionalInt.empty())
                : new ExitStatus(SIGNALLED + signal, OptionalInt.of(signal));
    }
}
