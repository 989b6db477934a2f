// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.spec.json.SpecDocument;
import java.util.ArrayList;
import java.util.List;

/** Whether programs and settings of the container can be changed from inside. */
final class RootRule implements Rule {
    private static final FindingType WRITABLE =
            FindingType.of(
                            "writable-root",
                            Severity.MEDIUM,
                            "changes programs and settings of the container, which others run later"
                                    + " (jrunc exec, the next start of the same root file system)",
                            "set root.readonly to true, and mount a tmpfs or a volume where the"
                                    + " program must write")
                    .fixed();
    private static final FindingType SHARED =
            FindingType.of(
                            "shared-root-propagation",
                            Severity.LOW,
                            "with CAP_SYS_ADMIN makes mounts below volumes that the host"
                                    + " shares, and the host sees them, too",
                            "remove linux.rootfsPropagation, or set it to slave or private")
                    .fixed();

    @Override
    public List<FindingType> types() {
        return List.of(WRITABLE, SHARED);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        List<Finding> findings = new ArrayList<>();
        if (target.spec().root().isPresent() && !target.spec().root().get().readonly()) {
            findings.add(
                    target.finding(WRITABLE, "root.readonly", "the root file system is writable")
                            .fixedBy(document -> document.set("/root/readonly", "true")));
        }
        target.linux()
                .rootfsPropagation()
                .filter(propagation -> propagation.specName().endsWith("shared"))
                .ifPresent(
                        propagation ->
                                findings.add(
                                        target.finding(
                                                        SHARED,
                                                        "linux.rootfsPropagation",
                                                        "mounts are not kept inside ("
                                                                + propagation.specName()
                                                                + ")")
                                                .fixedBy(RootRule::beSlave)));
        return findings;
    }

    private static void beSlave(SpecDocument document) {
        document.set("/linux/rootfsPropagation", "\"slave\"");
    }
}
