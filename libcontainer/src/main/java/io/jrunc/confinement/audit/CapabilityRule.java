// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.json.SpecDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which parts of root's power there are. Source: capabilities(7). */
final class CapabilityRule implements Rule {
    private static final String FIELD = "process.capabilities";
    private static final String[] SETS = {
        "bounding", "effective", "inheritable", "permitted", "ambient"
    };

    private static final FindingType ALL =
            FindingType.of(
                            "all-capabilities",
                            Severity.CRITICAL,
                            "keeps whatever capabilities the caller of the runtime has: all of them"
                                    + " for root, CAP_SYS_ADMIN and CAP_SYS_MODULE included",
                            "add process.capabilities with the few that the program needs")
                    .inUserNamespace(Severity.MEDIUM)
                    .fixed();
    private static final FindingType OTHER =
            FindingType.of(
                            "capability-beyond-docker",
                            Severity.LOW,
                            "has a capability that Docker gives no container unless asked",
                            "remove it from all five sets")
                    .fixed();

    @Override
    public List<FindingType> types() {
        List<FindingType> all = new ArrayList<>(List.of(ALL));
        Arrays.stream(DangerousCapability.values()).forEach(one -> all.add(one.type()));
        all.add(OTHER);
        return all;
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        List<Finding> findings = new ArrayList<>();
        if (target.hasAllCapabilities()) {
            findings.add(
                    target.finding(ALL, FIELD, "is missing: no capability is given up")
                            .fixedBy(document -> document.set("/process/capabilities", "{}")));
        }
        Set<String> others = new TreeSet<>(target.capabilities());
        others.removeAll(CapabilityNames.DOCKERS);
        for (DangerousCapability one : DangerousCapability.values()) {
            if (target.capabilities().contains(one.specName())) {
                findings.add(found(target, one.type(), one.specName()));
                others.remove(one.specName());
            }
        }
        for (String name : others) {
            findings.add(found(target, OTHER, name));
        }
        return findings;
    }

    private static Finding found(AuditTarget target, FindingType type, String name) {
        return target.finding(type, FIELD, name + " is in one of the sets")
                .fixedBy(document -> remove(document, name));
    }

    private static void remove(SpecDocument document, String name) {
        for (String set : SETS) {
            document.remove("/process/capabilities/" + set, name);
        }
    }
}
