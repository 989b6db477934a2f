// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.linux.Kernel;
import io.jrunc.spec.json.SpecDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The whole judgement: every rule there is. */
public final class Audit {
    private final List<Rule> rules;

    /**
     * An audit of what {@code kernel} shows.
     *
     * @param kernel reads the root file system
     */
    public Audit(Kernel kernel) {
        rules =
                List.of(
                        new UserRule(),
                        new CapabilityRule(),
                        new PrivilegesRule(),
                        new SeccompRule(),
                        new NamespaceRule(),
                        new RootRule(),
                        new MountRule(),
                        new ClearedFlagsRule(kernel),
                        new DeviceRule(),
                        new MaskedPathsRule(),
                        new LimitRule(),
                        new LabelRule(),
                        new PrivilegedFileRule(kernel),
                        new RunningRule());
    }

    /** Returns all that can be found. */
    List<FindingType> types() {
        List<FindingType> all = new ArrayList<>();
        rules.forEach(rule -> all.addAll(rule.types()));
        return all;
    }

    /** Returns what is found, the worst first; equally bad ones by subject. */
    public List<Finding> judge(AuditTarget target) {
        List<Finding> findings = new ArrayList<>();
        rules.forEach(rule -> findings.addAll(rule.judge(target)));
        findings.sort(Comparator.comparing(Finding::severity));
        return findings;
    }

    /** Makes all changes of {@code document} that the findings know; returns those mended. */
    public static List<Finding> fix(SpecDocument document, List<Finding> findings) {
        List<Finding> mended = new ArrayList<>();
        for (Finding finding : findings) {
            if (finding.fix().isPresent()) {
                finding.fix().get().accept(document);
                mended.add(finding);
            }
        }
        return mended;
    }
}
