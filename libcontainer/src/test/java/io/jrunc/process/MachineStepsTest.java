// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When and where a program runs: the calls, and what is said when they are refused. */
class MachineStepsTest {
    private final RecordingKernel kernel = new RecordingKernel();
    private final SetupContext context = SetupContexts.of(kernel);

    private static List<Step> steps(String process, String linux) {
        String json =
                """
                {"process": {"cwd": "/", "args": ["sh"], %s}, "linux": {%s}}
                """
                        .formatted(process, linux);
        Spec spec = SpecReader.read(json.getBytes(StandardCharsets.UTF_8));
        return MachineSteps.of(spec.process(), spec.linux());
    }

    private List<String> calls(String process, String linux) {
        for (Step step : steps(process, linux)) {
            step.apply(context);
        }
        return kernel.calls();
    }

    @Test
    void affinityOfTheRuntimeIsNeverPassedOn() {
        assertEquals(List.of("sched_setaffinity(0, 1024, [all CPUs])"), calls("\"env\": []", ""));
    }

    @Test
    void affinityThatMayNotBeChangedIsKept() {
        kernel.fail("sched_setaffinity", Errno.EPERM);

        assertEquals(1, calls("\"env\": []", "").size());
    }

    @Test
    void flagsAreOrTogether() {
        List<String> calls =
                calls(
                        """
                        "scheduler": {"policy": "SCHED_FIFO", "priority": 5,
                          "flags": ["SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_KEEP_PARAMS"]},
                        "ioPriority": {"class": "IOPRIO_CLASS_IDLE"}
                        """,
                        """
                        "personality": {"domain": "LINUX32"},
                        "memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0,2",
                          "flags": ["MPOL_F_STATIC_NODES", "MPOL_F_NUMA_BALANCING"]}
                        """);

        assertEquals(
                List.of(
                        "sched_setattr(1, {sched_policy=SCHED_FIFO, sched_flags=17,"
                                + " sched_priority=5}, 0)",
                        "ioprio_set(1, 1, 24576)",
                        "personality(8)",
                        "set_mempolicy(" + (2 | 1 << 15 | 1 << 13) + ", {0, 2}, 65)"),
                calls.subList(1, calls.size()));
    }

    @ParameterizedTest
    @CsvSource({
        "SCHED_DEADLINE, EPERM, it cannot go together with linux.resources.cpu.cpus",
        "SCHED_DEADLINE, EBUSY, the CPUs do not have that much time left",
        "SCHED_RR, EPERM, on cgroup v1 a linux.resources.cpu.realtimeRuntime above 0",
        "SCHED_ISO, EINVAL, this kernel has no such policy or flag"
    })
    void refusalIsExplained(String policy, Errno errno, String words) {
        kernel.fail("sched_setattr", errno);
        Step step = steps("\"scheduler\": {\"policy\": \"" + policy + "\"}", "").get(1);

        String message = assertThrows(Failure.class, () -> step.apply(context)).getMessage();

        assertTrue(message.startsWith("sched_setattr " + policy + ": " + errno), message);
        assertTrue(message.contains(words), message);
    }
}
