// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.ProcessSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares the confinement of the process with the document. Source: proc(5). */
final class RunningRule implements Rule {
    private static final FindingType DIFFERS =
            FindingType.of(
                    "less-confined-than-configured",
                    Severity.HIGH,
                    "has what the document denies it",
                    "find out what changed the container or its state directory, and start it anew");

    @Override
    public List<FindingType> types() {
        return List.of(DIFFERS);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        Optional<ProcessSpec> process = target.spec().process();
        if (target.process().isEmpty() || process.isEmpty()) {
            return List.of();
        }
        ProcessStatus status = target.process().get();
        List<Finding> findings = new ArrayList<>();
        if (process.get().noNewPrivileges() && !status.noNewPrivileges()) {
            findings.add(
                    target.finding(
                            DIFFERS, "process.noNewPrivileges", "the process does not have it"));
        }
        if (target.linux().seccomp().isPresent() && !status.filtered()) {
            findings.add(
                    target.finding(DIFFERS, "linux.seccomp", "the process has no filter loaded"));
        }
        if (process.get().capabilities().isPresent()) {
            List<String> more = more(status, target.capabilities());
            if (!more.isEmpty()) {
                findings.add(
                        target.finding(
                                DIFFERS,
                                "process.capabilities",
                                "the process has more: " + String.join(", ", more)));
            }
        }
        return findings;
    }

    private static List<String> more(ProcessStatus status, Set<String> configured) {
        List<String> more = new ArrayList<>();
        long has = status.bounding() | status.permitted();
        for (int i = 0; i < CapabilityNames.ALL.size(); i++) {
            String name = CapabilityNames.ALL.get(i);
            if ((has >> i & 1) != 0 && !configured.contains(name)) {
                more.add(name);
            }
        }
        return more;
    }
}
