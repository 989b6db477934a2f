// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.spec.ProcessSpec;
import java.util.List;
import java.util.Optional;

/** Whether a security module of the host confines the program by a label of its own. */
final class LabelRule implements Rule {
    private static final FindingType UNLABELLED =
            FindingType.of(
                    "no-mac-label",
                    Severity.MEDIUM,
                    "is stopped by no rule of SELinux or AppArmor once it is out of the container, or"
                            + " where something of the host is mounted",
                    "set process.apparmorProfile, or process.selinuxLabel and linux.mountLabel");
    private static final FindingType NO_MODULE =
            FindingType.of(
                    "no-mac-on-this-host",
                    Severity.INFO,
                    "is stopped by no rule of a security module: this host has none enabled",
                    "where there is one, set a label or a profile");

    @Override
    public List<FindingType> types() {
        return List.of(UNLABELLED, NO_MODULE);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        Optional<ProcessSpec> process = target.spec().process();
        boolean selinux = process.flatMap(ProcessSpec::selinuxLabel).orElse("").isEmpty();
        boolean apparmor =
                process.flatMap(ProcessSpec::apparmorProfile)
                        .map(profile -> profile.isEmpty() || profile.equals("unconfined"))
                        .orElse(true);
        if (!selinux || !apparmor) {
            return List.of();
        }
        if (!target.host().selinux() && !target.host().apparmor()) {
            return List.of(
                    target.finding(
                            NO_MODULE,
                            "process",
                            "no label, and no module that would enforce one"));
        }
        String field = target.host().selinux() ? "process.selinuxLabel" : "process.apparmorProfile";
        return List.of(target.finding(UNLABELLED, field, "no label"));
    }
}
