// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.spec.Cpu;
import io.jrunc.spec.Resources;
import io.jrunc.spec.template.HardenedSpec;
import java.util.ArrayList;
import java.util.List;

/** What keeps one container from taking all. Source: cgroups(7), Documentation/cgroup-v2. */
final class LimitRule implements Rule {
    private static final FindingType MEMORY =
            FindingType.of(
                            "no-memory-limit",
                            Severity.MEDIUM,
                            "takes all memory of the host, until the kernel kills processes, perhaps"
                                    + " others'",
                            "set linux.resources.memory.limit to what the program needs, in bytes")
                    .fixed();
    private static final FindingType PIDS =
            FindingType.of(
                            "no-pids-limit",
                            Severity.MEDIUM,
                            "forks until the host can start no process any more",
                            "set linux.resources.pids.limit to the number of processes and threads"
                                    + " that the program needs")
                    .fixed();
    private static final FindingType CPU =
            FindingType.of(
                            "no-cpu-limit",
                            Severity.LOW,
                            "takes all CPU time that others leave",
                            "set linux.resources.cpu.quota and period, or cpus")
                    .fixed();

    @Override
    public List<FindingType> types() {
        return List.of(MEMORY, PIDS, CPU);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        Resources resources = target.limits();
        List<Finding> findings = new ArrayList<>();
        boolean hasMemory = resources.memory().limit().orElse(0) > 0;
        if (!hasMemory && !isUnified(resources, "memory.max")) {
            findings.add(
                    missing(target, MEMORY, "memory", "limit", Long.toString(HardenedSpec.MEMORY)));
        }
        boolean hasPids = resources.pids().limit().orElse(-1) >= 0;
        if (!hasPids && !isUnified(resources, "pids.max")) {
            findings.add(missing(target, PIDS, "pids", "limit", Long.toString(HardenedSpec.TASKS)));
        }
        if (!isLimited(resources.cpu()) && !isUnified(resources, "cpu.max", "cpuset.cpus")) {
            // The default period, 100 ms: the quota is one processor.
            findings.add(missing(target, CPU, "cpu", "quota", Long.toString(HardenedSpec.QUOTA)));
        }
        return findings;
    }

    private static boolean isLimited(Cpu cpu) {
        return cpu.quota().orElse(0) > 0 || !cpu.cpus().orElse("").isEmpty();
    }

    private static boolean isUnified(Resources resources, String... files) {
        for (String file : files) {
            String value = resources.unified().getOrDefault(file, "max").strip();
            if (!value.equals("max") && !value.startsWith("max ")) {
                return true;
            }
        }
        return false;
    }

    private static Finding missing(
            AuditTarget target, FindingType type, String controller, String name, String value) {
        String path = controller + "." + name;
        Finding finding = target.finding(type, "linux.resources." + path, "no limit is set");
        // A limit that cannot be set here would keep the container from starting.
        return target.host().controllers().contains(controller)
                ? finding.fixedBy(
                        document ->
                                document.set("/linux/resources/" + controller + "/" + name, value))
                : finding;
    }
}
