// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.lab;

/** Experiments with cgroups: how much of the machine a container gets. */
final class CgroupLabs {
    private static final int KILLED = 137;

    static final Lab MEMORY =
            new Lab(
                    "memory",
                    "The kernel kills the process that exceeds its memory limit, and no other",
                    CgroupLabs::memory);

    static final Lab CPU =
            new Lab(
                    "cgroup-cpu",
                    "A program that needs the CPU all the time is stopped again and again when its"
                            + " quota is used up",
                    CgroupLabs::cpu);

    static final Lab TASKS =
            new Lab(
                    "cgroup-pids",
                    "A limit of tasks makes fork fail before the machine is full",
                    CgroupLabs::tasks);

    private CgroupLabs() {}

    private static void memory(Bench bench) {
        bench.explain(
                "tail keeps the last lines in memory, and /dev/zero has no end of a line. Without"
                        + " the limit of swap, memory would be swapped out.");
        bench.program("tail", "/dev/zero");
        bench.set("linux.resources.memory", "{\"limit\": 16777216, \"swap\": 16777216}");
        Bench.Outcome killed = bench.run("jrunc run lab-memory");
        bench.expect(killed.status() == KILLED, "it was killed: 137 is 128 and SIGKILL");
        bench.set("linux.resources.memory", "{\"limit\": 67108864, \"swap\": 67108864}");
        bench.program("sleep", "1000");
        bench.run("jrunc run --detach lab-memory");
        bench.explain("A limit can be changed while the container runs.");
        Bench.Outcome changed =
                bench.run("jrunc update --memory 33554432 --memory-swap 33554432 lab-memory");
        bench.expect(changed.status() == 0, "it is");
        bench.expect(
                bench.run(
                                "jrunc events --stats lab-memory | grep -o '\"memory\":{\"usage\":{[^}]*'")
                        .says("33554432"),
                "events shows the new limit");
    }

    private static void cpu(Bench bench) {
        bench.program("sh", "-c", "while :; do :; done");
        bench.set("linux.resources.cpu", "{\"quota\": 10000, \"period\": 100000}");
        bench.run("jrunc run --detach lab-cgroup-cpu");
        bench.run("sleep 2");
        bench.explain("Of each tenth of a second, it gets 10,000 microseconds of one CPU.");
        Bench.Outcome top = bench.run("jrunc top --no-stream");
        bench.expect(top.says("lab-cgroup-cpu"), "top shows how much it uses");
        Bench.Outcome stats =
                bench.run("jrunc events --stats lab-cgroup-cpu | grep -o '\"throttling\":{[^}]*}'");
        bench.expect(
                stats.output().matches("(?s).*\"throttledPeriods\":[1-9].*"),
                "the kernel has counted the periods in which it had to wait");
    }

    private static void tasks(Bench bench) {
        bench.set("linux.resources.pids", "{\"limit\": 4}");
        bench.program("sh", "-c", "for i in 1 2 3 4 5 6; do sleep 5 & done; echo all of them run");
        Bench.Outcome refused = bench.run("jrunc run lab-cgroup-pids");
        bench.expect(refused.says("fork"), "the fourth fork fails: the shell counts as well");
        bench.set("linux.resources.pids", "{\"limit\": 20}");
        bench.expect(
                bench.run("jrunc run lab-cgroup-pids").says("all of them run"),
                "with a higher limit none fails");
    }
}
