// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.process;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.NUMA;
import static io.jrunc.it.harness.Feature.REAL_TIME;
import static io.jrunc.it.harness.Feature.REAL_TIME_GROUPS;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.TASKSET;
import static io.jrunc.it.harness.Feature.TWO_CPUS;
import static io.jrunc.it.harness.Feature.X86;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When and where the program runs. Source: runtime-spec config.md#linux-process,
 * config-linux.md#memory-policy, config-linux.md#personality.
 */
@Requires({ROOT, JRUNC}) // runc of today's distributions knows none of these fields
class MachineIT {
    /** Prints policy, real-time priority and nice value of the program. proc_pid_stat(5). */
    private static final String STAT =
            "sed 's/.*) //' /proc/self/stat | awk '{print $39, $38, $17}'";

    /**
     * Runs without cgroups: real-time policies need a cgroup with real-time budget, and new v1
     * cgroups have none.
     */
    private static Result withoutCgroups(Bundle bundle, String script) {
        List<String> command = new ArrayList<>(List.of("--cgroup-manager", "disabled", "run"));
        command.add(Sandbox.current().freshId());
        return bundle.args("sh", "-c", script).invoke(command).run();
    }

    private static Bundle scheduler(String json) {
        return Bundle.busybox().json("/process/scheduler", json);
    }

    @Test
    @Shows({
        "process.scheduler.policy=SCHED_OTHER",
        "process.scheduler.policy=SCHED_BATCH",
        "process.scheduler.policy=SCHED_IDLE",
        "process.scheduler.nice"
    })
    void policyAndNiceValueAreThoseOfTheConfig() {
        assertEquals(
                "0 0 7", scheduler("{\"policy\":\"SCHED_OTHER\",\"nice\":7}").sh(STAT).output());
        assertEquals(
                "0 0 -5", scheduler("{\"policy\":\"SCHED_OTHER\",\"nice\":-5}").sh(STAT).output());
        assertEquals(
                "3 0 19", scheduler("{\"policy\":\"SCHED_BATCH\",\"nice\":19}").sh(STAT).output());
        assertEquals("5 0 0", scheduler("{\"policy\":\"SCHED_IDLE\"}").sh(STAT).output());
    }

    @Test
    void absentSchedulerKeepsTheCallersNiceValue() {
        var bundle = Bundle.busybox().args("sh", "-c", STAT);

        Result stat =
                bundle.invoke("run", Sandbox.current().freshId()).under("nice", "-n", "9").run();

        assertEquals("0 0 9", stat.output());
    }

    @Test
    @Shows("process.scheduler.nice")
    void absentNiceValueIsZero() {
        var bundle = scheduler("{\"policy\":\"SCHED_BATCH\"}").args("sh", "-c", STAT);

        Result stat =
                bundle.invoke("run", Sandbox.current().freshId()).under("nice", "-n", "9").run();

        assertEquals("3 0 0", stat.output());
    }

    @Test
    @Requires(REAL_TIME)
    @Shows({
        "process.scheduler.policy=SCHED_FIFO",
        "process.scheduler.policy=SCHED_RR",
        "process.scheduler.priority"
    })
    void realTimePolicyHasItsPriority() {
        var fifo = scheduler("{\"policy\":\"SCHED_FIFO\",\"priority\":17}");
        var roundRobin = scheduler("{\"policy\":\"SCHED_RR\",\"priority\":99}");

        assertEquals("1 17", withoutCgroups(fifo, STAT).output().replaceAll(" \\S+$", ""));
        assertEquals("2 99", withoutCgroups(roundRobin, STAT).output().replaceAll(" \\S+$", ""));
    }

    @Test
    @Requires(REAL_TIME)
    @Shows("process.scheduler.policy=SCHED_FIFO")
    void realTimePolicyIsGivenFromOutsideToAUserNamespace() {
        var fifo = scheduler("{\"policy\":\"SCHED_FIFO\",\"priority\":3}").userNamespace(0, 65536);

        assertEquals("1 3", withoutCgroups(fifo, STAT).output().replaceAll(" \\S+$", ""));
    }

    @Test
    @Requires(REAL_TIME)
    @Shows({
        "process.scheduler.policy=SCHED_DEADLINE",
        "process.scheduler.runtime",
        "process.scheduler.deadline",
        "process.scheduler.period"
    })
    void deadlinePolicyHasItsTimes() {
        var bundle =
                scheduler(
                        """
                        {"policy": "SCHED_DEADLINE", "runtime": 2000000, "deadline": 7000000,
                         "period": 9000000}
                        """);
        // Such a process may not fork, so there is no shell.
        List<String> command = List.of("--cgroup-manager", "disabled", "create");
        Container container = bundle.args("sleep", "60").container();
        List<String> create = new ArrayList<>(command);
        create.add(container.id());
        Result created = bundle.invoke(create).run();
        assertEquals(0, created.status(), created::describe);
        assertEquals(0, container.start().status());

        String sched = Host.proc(container.pid(), "sched").orElseThrow().replaceAll(" ", "");

        assertTrue(sched.contains("policy:6"), sched);
        assertTrue(sched.contains("dl.runtime:") && sched.contains("dl.deadline:"), sched);
        Result chrt = Sandbox.current().command("chrt", "-p", Long.toString(container.pid())).run();
        assertTrue(chrt.output().contains("2000000/7000000/9000000"), chrt::describe);
    }

    @Test
    @Requires(REAL_TIME)
    @Shows("process.scheduler.flags")
    void policyIsResetOnForkIfTheFlagSaysSo() {
        var bundle =
                scheduler(
                        """
                        {"policy": "SCHED_FIFO", "priority": 5,
                         "flags": ["SCHED_FLAG_RESET_ON_FORK"]}
                        """);

        Result policies =
                withoutCgroups(bundle, "awk '{print $41}' /proc/1/stat /proc/self/stat; :");

        assertEquals(List.of("1", "0"), policies.lines());
    }

    @Test
    @Requires(REAL_TIME_GROUPS)
    void realTimePolicyInACgroupWithoutTimeFailsWithTheReason() {
        scheduler("{\"policy\":\"SCHED_FIFO\",\"priority\":5}")
                .run("true")
                .failsWith("SCHED_FIFO", "EPERM", "linux.resources.cpu.realtimeRuntime");
    }

    @Test
    @Requires({REAL_TIME, TWO_CPUS})
    void deadlinePolicyOnSomeCpusFailsWithTheReason() {
        scheduler(
                        """
                        {"policy": "SCHED_DEADLINE", "runtime": 2000000, "deadline": 7000000}
                        """)
                .set("/linux/resources/cpu/cpus", "0")
                .run("true")
                .failsWith("SCHED_DEADLINE", "EPERM", "linux.resources.cpu.cpus");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"policy\": \"SCHED_OTHER\", \"nice\": 20}",
                "{\"policy\": \"SCHED_OTHER\", \"priority\": 1}",
                "{\"policy\": \"SCHED_FIFO\"}",
                "{\"policy\": \"SCHED_RR\", \"priority\": 100}",
                "{\"policy\": \"SCHED_RR\", \"priority\": 1, \"runtime\": 5}",
                "{\"policy\": \"SCHED_DEADLINE\", \"runtime\": 5, \"deadline\": 4}",
                "{\"policy\": \"SCHED_ISO\"}",
                "{\"policy\": \"SCHED_TIRED\"}",
                "{\"policy\": \"SCHED_OTHER\", \"flags\": [\"SCHED_FLAG_NONE\"]}",
                "{\"nice\": 5}"
            })
    @Shows("process.scheduler.policy=SCHED_ISO")
    void schedulerThatMeansNothingIsRefused(String json) {
        scheduler(json).run("true").failsWith("(?i)sched");
    }

    @ParameterizedTest
    @CsvSource({
        "IOPRIO_CLASS_RT, 3, realtime: prio 3",
        "IOPRIO_CLASS_BE, 7, best-effort: prio 7",
        "IOPRIO_CLASS_IDLE, 0, idle"
    })
    @Shows({
        "process.ioPriority.class=IOPRIO_CLASS_RT",
        "process.ioPriority.class=IOPRIO_CLASS_BE",
        "process.ioPriority.class=IOPRIO_CLASS_IDLE",
        "process.ioPriority.priority"
    })
    void ioPriorityIsThatOfTheConfig(String ioClass, int priority, String shown) {
        var bundle = Bundle.busybox();
        bundle.set("/process/ioPriority/class", ioClass);
        bundle.set("/process/ioPriority/priority", priority);

        Result ionice = bundle.run("ionice", "-p", "1");

        assertTrue(ionice.output().startsWith(shown), ionice::describe);
    }

    @ParameterizedTest
    @CsvSource({"IOPRIO_CLASS_BE, 8", "IOPRIO_CLASS_BE, -1", "IOPRIO_CLASS_NONE, 0"})
    void ioPriorityThatMeansNothingIsRefused(String ioClass, int priority) {
        var bundle = Bundle.busybox();
        bundle.set("/process/ioPriority/class", ioClass);
        bundle.set("/process/ioPriority/priority", priority);

        bundle.run("true").failsWith("process.ioPriority");
    }

    @Test
    @Requires(X86)
    @Shows({"linux.personality.domain=LINUX32", "linux.personality.domain=LINUX"})
    void personalitySaysWhatMachineThisIs() {
        var wide = Bundle.busybox().json("/linux/personality", "{\"domain\": \"LINUX\"}");
        wide.args("uname", "-m");
        Result under32 =
                wide.invoke("run", Sandbox.current().freshId()).under("busybox", "linux32").run();
        assertEquals("x86_64", under32.output());

        var narrow = Bundle.busybox().json("/linux/personality", "{\"domain\": \"LINUX32\"}");
        assertEquals("i686", narrow.run("uname", "-m").output());
    }

    @Test
    void unknownPersonalityIsRefused() {
        Bundle.busybox()
                .json("/linux/personality", "{\"domain\": \"XENIX\"}")
                .run("true")
                .failsWith("linux.personality.domain", "XENIX");
    }

    @Test
    @Shows("linux.personality.flags")
    void flagOfThePersonalityIsWarnedOfAndIgnored() {
        var bundle =
                Bundle.busybox()
                        .json("/linux/personality", "{\"domain\":\"LINUX\",\"flags\":[\"X\"]}");

        Result run = bundle.run("echo", "ran");

        assertEquals("ran", run.output());
        assertTrue(run.stderr().contains("linux.personality.flags"), run::describe);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'mode': 'MPOL_DEFAULT'}|default",
                "{'mode': 'MPOL_LOCAL'}|local",
                "{'mode': 'MPOL_PREFERRED'}|local",
                "{'mode': 'MPOL_PREFERRED', 'nodes': '0'}|prefer:0",
                "{'mode': 'MPOL_BIND', 'nodes': '0'}|bind:0",
                "{'mode': 'MPOL_INTERLEAVE', 'nodes': '0-0'}|interleave:0",
                "{'mode': 'MPOL_BIND', 'nodes': '0', 'flags': ['MPOL_F_STATIC_NODES']}"
                        + "|bind=static:0",
                "{'mode': 'MPOL_BIND', 'nodes': '0', 'flags': ['MPOL_F_RELATIVE_NODES']}"
                        + "|bind=relative:0",
                "{'mode': 'MPOL_BIND', 'nodes': '0', 'flags': ['MPOL_F_NUMA_BALANCING']}"
                        + "|bind(=balancing)?:0",
                "{'mode': 'MPOL_PREFERRED_MANY', 'nodes': '0'}|prefer \\(many\\):0",
                "{'mode': 'MPOL_WEIGHTED_INTERLEAVE', 'nodes': '0'}|weighted interleave:0"
            },
            quoteCharacter = '"')
    @Requires(NUMA)
    @Shows({
        "linux.memoryPolicy.mode=MPOL_DEFAULT",
        "linux.memoryPolicy.mode=MPOL_LOCAL",
        "linux.memoryPolicy.mode=MPOL_PREFERRED",
        "linux.memoryPolicy.mode=MPOL_BIND",
        "linux.memoryPolicy.mode=MPOL_INTERLEAVE",
        "linux.memoryPolicy.mode=MPOL_PREFERRED_MANY",
        "linux.memoryPolicy.mode=MPOL_WEIGHTED_INTERLEAVE",
        "linux.memoryPolicy.nodes",
        "linux.memoryPolicy.flags=MPOL_F_STATIC_NODES",
        "linux.memoryPolicy.flags=MPOL_F_RELATIVE_NODES",
        "linux.memoryPolicy.flags=MPOL_F_NUMA_BALANCING"
    })
    void memoryPolicyIsThatOfTheConfig(String json, String shown) {
        var bundle = Bundle.busybox().json("/linux/memoryPolicy", json.replace('\'', '"'));

        Result maps = bundle.sh("head -1 /proc/1/numa_maps");

        assertTrue(maps.output().matches("\\S+ " + shown + " .*"), maps::describe);
    }

    @Test
    @Requires(NUMA)
    void memoryOfANodeThatIsNotThereIsRefused() {
        Bundle.busybox()
                .json("/linux/memoryPolicy", "{\"mode\": \"MPOL_BIND\", \"nodes\": \"900\"}")
                .run("true")
                .failsWith("MPOL_BIND", "nodes 900", "EINVAL", "a node is not there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"mode\": \"MPOL_BIND\"}",
                "{\"mode\": \"MPOL_LOCAL\", \"nodes\": \"0\"}",
                "{\"mode\": \"MPOL_BIND\", \"nodes\": \"all\"}",
                "{\"mode\": \"MPOL_HERE\"}",
                "{\"mode\": \"MPOL_BIND\", \"nodes\": \"0\", \"flags\": [\"MPOL_F_ANY\"]}",
                "{\"nodes\": \"0\"}"
            })
    void memoryPolicyThatMeansNothingIsRefused(String json) {
        Bundle.busybox()
                .json("/linux/memoryPolicy", json)
                .run("true")
                .failsWith("linux.memoryPolicy");
    }

    @Test
    @Requires({TASKSET, TWO_CPUS})
    void affinityOfTheCallerIsNotTheContainers() {
        var bundle = Bundle.busybox().args("grep", "Cpus_allowed_list", "/proc/self/status");

        Result bound =
                bundle.invoke("run", Sandbox.current().freshId()).under("taskset", "1").run();
        Result free = bundle.invoke("run", Sandbox.current().freshId()).run();

        assertEquals(free.output(), bound.output());
        assertTrue(!bound.output().strip().endsWith("\t0"), bound::describe);
    }

    @Test
    @Requires({TASKSET, TWO_CPUS})
    void affinityIsThatOfTheCpuset() {
        var bundle = Bundle.busybox().args("grep", "Cpus_allowed_list", "/proc/self/status");
        bundle.set("/linux/resources/cpu/cpus", "1");

        Result bound =
                bundle.invoke("run", Sandbox.current().freshId()).under("taskset", "1").run();

        assertEquals("Cpus_allowed_list:\t1", bound.output());
    }

    /** It is for {@code exec}; the container's own program runs where it may. */
    @Test
    void affinityOfExecIsKeptAndLeavesTheProgramAlone() {
        var bundle = Bundle.busybox();
        String allowed = bundle.run("grep", "Cpus_allowed_list", "/proc/self/status").output();
        bundle.json("/process/execCPUAffinity", "{\"initial\": \"0\", \"final\": \"0\"}");
        Container container = bundle.create("sleep", "60");

        String kept =
                Result.text(Sandbox.current().root().resolve(container.id() + "/config.json"));

        assertEquals(bundle.config(), Json.parse(kept));
        assertEquals(
                allowed.split("\t", -1)[1],
                Host.field(container.pid(), "status", "Cpus_allowed_list"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"initial\": \"0-\"}", "{\"final\": \"2-1\"}", "{\"final\": \"a\"}"})
    void affinityOfExecThatIsNoListIsRefused(String json) {
        Bundle.busybox()
                .json("/process/execCPUAffinity", json)
                .run("true")
                .failsWith("process.execCPUAffinity");
    }
}
