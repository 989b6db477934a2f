// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cgroup;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memory limits that leave no room for a process: the message gives the reason. */
@Requires({ROOT, CGROUP_V1, JRUNC})
class OutOfMemoryIT {
    private static final String FIELD = "linux.resources.memory.limit is ";

    private static Bundle limited(int bytes) {
        var bundle = Bundle.busybox().set("/linux/resources/memory/limit", bytes);
        return bundle.set("/linux/resources/memory/swap", bytes).args("sleep", "60");
    }

    @Test
    void tooLittleToBeCreatedIsReported() {
        Container container = limited(4096).container();

        container
                .create()
                .failsWith(
                        "container init was OOM-killed",
                        FIELD + "4096 bytes, the peak was 4096; raise it");
    }

    /** The kernel counts whole pages: it limits the memory to less than the specification says. */
    @ParameterizedTest
    @CsvSource({"1000, 0", "5000, 4096"})
    void limitThatTheKernelRoundsDownIsReportedWithBothValues(int asked, int made) {
        Result create = limited(asked).container().create();

        create.failsWith(
                "container init was OOM-killed",
                FIELD + asked + " bytes, which the kernel rounds down to " + made);
    }

    /** Enough for init as it waits, as a rule, or for a while, but not to become a program. */
    @Test
    void tooLittleToBeStartedIsReported() {
        Container container = limited(16384).container();
        Result create = container.create();
        Result failed = create.status() == 0 ? container.start() : create;

        failed.failsWith("container init was OOM-killed", FIELD + "16384 bytes");
    }

    @Test
    void foregroundRunReportsTheReasonAndTheStatus() {
        Result run = limited(16384).run("sleep", "60");

        // 1, should init not even have come so far.
        assertTrue(run.status() == 137 || run.status() == 1, run::describe);
        assertTrue(run.stderr().contains("container init was OOM-killed"), run::describe);
        assertTrue(run.stderr().contains(FIELD + "16384 bytes"), run::describe);
    }
}
