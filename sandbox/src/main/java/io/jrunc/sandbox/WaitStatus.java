// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import java.util.OptionalInt;

/** How a process has ended, as wait(2) says it. */
record WaitStatus(int bits) {
    private static final int SIGNAL_MASK = 0x7f;
    private static final int CODE_SHIFT = 8;
    private static final int CODE_MASK = 0xff;

    /** Returns the signal that ended it. */
    OptionalInt signal() {
        int signal = bits & SIGNAL_MASK;
        return signal == 0 ? OptionalInt.empty() : OptionalInt.of(signal);
    }

    /** Returns its exit code; 0 if a signal ended it. */
    int exitCode() {
        return bits >> CODE_SHIFT & CODE_MASK;
    }
}
