// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import java.util.List;

/** Whether execve(2) may add privileges. Source: prctl(2), PR_SET_NO_NEW_PRIVS. */
final class PrivilegesRule implements Rule {
    private static final FindingType OFF =
            FindingType.of(
                            "new-privileges-allowed",
                            Severity.MEDIUM,
                            "becomes another user, or gains capabilities of the bounding set, by"
                                    + " running a set-user-ID program or one with file"
                                    + " capabilities",
                            "set process.noNewPrivileges to true")
                    .fixed();

    @Override
    public List<FindingType> types() {
        return List.of(OFF);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        if (target.spec().process().isEmpty() || target.spec().process().get().noNewPrivileges()) {
            return List.of();
        }
        return List.of(
                target.finding(
                                OFF,
                                "process.noNewPrivileges",
                                "programs may gain privileges as they are executed")
                        .fixedBy(document -> document.set("/process/noNewPrivileges", "true")));
    }
}
