package io.jrunc.audit;

import io.jrunc.spec.ProcessSpec;
import java.util.List;
import java.util.Optional;

/** Whether a security module of the host confines the program by a label of its own. */
final class LabelRule implements Rule {
    private static final Weakness UNLABELLED =
            Weakness.of(
                    "no-mac-label",
                    Severity.MEDIUM,
                    "is stopped by no rule of SELinux or AppArmor once it is out of the container, or"
                            + " where something of the host is mounted",
                    "set process.apparmorProfile, or process.selinuxLabel and linux.mountLabel");
    private static final Weakness NO_MODULE =
            Weakness.of(
                    "no-mac-on-this-host",
                    Severity.INFO,
                    "is stopped by no rule of a security module: this host has none enabled",
                    "where there is one, set a label or a profile");

    @Override
    public List<Weakness> weaknesses() {
        return List.of(UNLABELLED, NO_MODULE);
    }

    @Override
    public List<Finding> judge(Subject subject) {
        Optional<ProcessSpec> process = subject.spec().process();
        boolean selinux = process.flatMap(ProcessSpec::selinuxLabel).orElse("").isEmpty();
        boolean apparmor =
                process.flatMap(ProcessSpec::apparmorProfile)
                        .map(profile -> profile.isEmpty() || profile.equals("unconfined"))
                        .orElse(true);
        if (!selinux || !apparmor) {
            return List.of();
        }
        if (!subject.host().selinux() && !subject.host().apparmor()) {
            return List.of(
                    subject.finding(NO_MODULE, "process", "no label, and nobody to heed one"));
        }
        String field =
                subject.host().selinux() ? "process.selinuxLabel" : "process.apparmorProfile";
        return List.of(subject.finding(UNLABELLED, field, "no label"));
    }
}
