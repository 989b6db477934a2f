// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import java.util.ArrayList;
import java.util.List;

/** The ids of the program outside. Source: user_namespaces(7). */
final class UserRule implements Rule {
    private static final FindingType ROOT =
            FindingType.of(
                    "root-without-user-namespace",
                    Severity.HIGH,
                    "is root of the host from the first step out of the container on, whatever lets"
                            + " it out; every file of root's that is mounted is its own",
                    "add a user namespace and mappings, and give the files it writes to the mapped"
                            + " ids (jrunc spec --hardened shows mappings), or set process.user.uid"
                            + " to another user");
    private static final FindingType MAPPED_ROOT =
            FindingType.of(
                    "user-namespace-maps-host-root",
                    Severity.HIGH,
                    "owns what root of the host owns, wherever it can reach it, as the user"
                            + " namespace maps an id to 0 outside",
                    "let the mappings begin at ids that are unused outside");

    @Override
    public List<FindingType> types() {
        return List.of(ROOT, MAPPED_ROOT);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        List<Finding> findings = new ArrayList<>();
        if (!target.hasUserNamespace()) {
            if (target.isRoot()) {
                findings.add(
                        target.finding(
                                ROOT,
                                "process.user.uid",
                                "the program runs as user 0, which is root of the host as well"));
            }
        } else if (target.mapsHostRoot()) {
            findings.add(
                    target.finding(
                            MAPPED_ROOT, "linux.uidMappings", "an id inside is id 0 of the host"));
        }
        return findings;
    }
}
