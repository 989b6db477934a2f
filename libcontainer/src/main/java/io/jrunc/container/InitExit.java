// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.container.model.ExitStatus;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.Optional;

/**
 * Collects the exit status of a container's init, once, for all that ask. Its parent must be this
 * JVM; of other processes' children Linux 6.15 and later tell it until the last descriptor of it is
 * closed.
 */
final class InitExit {
    private static final int LONG_MILLIS = 60_000;

    private final Kernel kernel;
    private Optional<ExitStatus> status = Optional.empty();

    InitExit(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Waits for the end of process {@code pid}, which is not collected by others. */
    ExitStatus await(int pid) throws InterruptedException {
        Optional<ExitStatus> known = known();
        if (known.isPresent()) {
            return known.get();
        }
        try (Fd init = kernel.processes().openPid(pid)) {
            if (init.isOpen()) {
                try (Interruption interruption = Interruption.of(kernel, init)) {
                    while (!kernel.processes().awaitEnd(init, 0)) {
                        interruption.await(LONG_MILLIS);
                    }
                }
            }
            return collect(pid, init);
        }
    }

    private synchronized Optional<ExitStatus> known() {
        return status;
    }

    private synchronized ExitStatus collect(int pid, Fd init) {
        if (status.isPresent()) {
            return status.get();
        }
        int bits = kernel.processes().await(pid, false);
        if (bits < 0 && init.isOpen()) {
            bits = kernel.processes().exitStatus(init);
        }
        if (bits < 0) {
            throw Failure.of(
                    Failure.Code.NOT_RUNNING,
                    "the exit status of process " + pid + " was collected by another process");
        }
        status = Optional.of(ExitStatus.ofWait(bits));
        return status.get();
    }
}
