// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.explain.FilterReview;
import io.jrunc.seccomp.profile.BundledProfile;
import io.jrunc.seccomp.profile.ProfileContext;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.json.ProfileReader;
import io.jrunc.spec.json.SeccompWriter;
import io.jrunc.spec.json.SpecDocument;
import java.util.ArrayList;
import java.util.List;

/** What the filter of system calls lets pass: our own compiler's answer. Source: seccomp(2). */
final class SeccompRule implements Rule {
    private static final FindingType NONE =
            FindingType.of(
                            "no-seccomp",
                            Severity.HIGH,
                            "reaches the whole kernel by its several hundred system calls, and a bug"
                                    + " in any of them may be the way out",
                            "add linux.seccomp, at best a list of what the program needs")
                    .inUserNamespace(Severity.MEDIUM)
                    .fixed();

    @Override
    public List<FindingType> types() {
        List<FindingType> all = new ArrayList<>(List.of(NONE));
        for (CallGroup group : CallGroup.values()) {
            all.add(group.type());
        }
        return all;
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        if (target.linux().seccomp().isEmpty()) {
            return List.of(
                    target.finding(NONE, "linux.seccomp", "system calls are not filtered")
                            .fixedBy(SeccompRule::addFilter));
        }
        Seccomp profile = target.linux().seccomp().get();
        FilterReview filter = FilterReview.of(profile, Architecture.ofThisMachine());
        List<Finding> findings = new ArrayList<>();
        for (CallGroup group : CallGroup.values()) {
            List<String> passing = group.passing(filter);
            if (!passing.isEmpty()) {
                Finding found =
                        target.finding(
                                group.type(),
                                "linux.seccomp",
                                "the filter lets pass: " + String.join(", ", passing));
                findings.add(
                        group.isRefusable()
                                ? found.fixedBy(document -> refuse(document, profile, passing))
                                : found);
            }
        }
        return findings;
    }

    /** A profile that nearly every program runs with, rather than the one for new bundles. */
    private static void addFilter(SpecDocument document) {
        Seccomp filter =
                ProfileReader.read(BundledProfile.DEFAULT)
                        .resolve(ProfileContext.here(CapabilityNames.DOCKERS))
                        .filter();
        document.set("/linux/seccomp", SeccompWriter.text(filter));
    }

    /**
     * Takes the calls out of all rules that let them pass, and adds one where the default would. A
     * rule for nothing else refuses them: it may not be without names.
     */
    private static void refuse(SpecDocument document, Seccomp profile, List<String> calls) {
        for (int i = 0; i < profile.syscalls().size(); i++) {
            String rule = "/linux/seccomp/syscalls/" + i;
            if (!profile.syscalls().get(i).action().allows()) {
                continue;
            }
            if (calls.containsAll(document.strings(rule + "/names"))) {
                document.set(rule + "/action", "\"SCMP_ACT_ERRNO\"");
                document.set(rule + "/errnoRet", "1");
            } else {
                calls.forEach(call -> document.remove(rule + "/names", call));
            }
        }
        if (profile.defaultAction().allows()) {
            document.append(
                    "/linux/seccomp/syscalls",
                    "{\"names\": [\""
                            + String.join("\", \"", calls)
                            + "\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1}");
        }
    }
}
