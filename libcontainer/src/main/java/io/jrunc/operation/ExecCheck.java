// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Signal;
import io.jrunc.state.InitProcess;

/**
 * Tells whether a process has become its program. The end of the conversation with it does not: a
 * process that its seccomp filter has killed, or that may not say any more what went wrong, ends it
 * as well. So the kernel is asked.
 */
record ExecCheck(Kernel kernel, int pid, Fd pidfd) implements AutoCloseable {
    private static final int END_MILLIS = 1000;

    /** For the process with this pid, before its last calls. */
    static ExecCheck of(Kernel kernel, int pid) {
        return new ExecCheck(kernel, pid, kernel.processes().openPid(pid));
    }

    /** Throws if the conversation has ended, and the process has not become its program. */
    void requireProgram() {
        boolean executed = InitProcess.hasExecuted(kernel, pid).orElseGet(this::wasNotRefused);
        if (!executed) {
            if (pidfd.isOpen()) {
                kernel.processes().awaitEnd(pidfd, END_MILLIS);
            }
            throw Failure.of(
                    Failure.Code.EXEC,
                    "exec failed: init ended before it became the program",
                    "",
                    "it was killed, or linux.seccomp does not allow execve");
        }
    }

    /** What can still be known of a process that its parent has collected: what has killed it. */
    private boolean wasNotRefused() {
        int status = pidfd.isOpen() ? kernel.processes().exitStatus(pidfd) : -1;
        return status == -1 || Signal.ofWaitStatus(status) != Signal.SIGSYS;
    }

    @Override
    public void close() {
        pidfd.close();
    }
}
