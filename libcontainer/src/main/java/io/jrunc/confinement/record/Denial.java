// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.linux.OneLine;
import io.jrunc.seccomp.explain.Verdict;
import io.jrunc.seccomp.recording.ObservedCall;
import java.time.Instant;

/**
 * A call that was not made because of a filter.
 *
 * @param pid of the thread that would have made it, on this host
 * @param program the name that it had then; may be empty
 */
public record Denial(Instant time, int pid, String program, ObservedCall call, Verdict verdict) {
    /** On one line, whatever the program calls itself. */
    public String sentence() {
        return call + " by pid " + pid + " (" + OneLine.clean(program) + "): " + verdict.rule();
    }
}
