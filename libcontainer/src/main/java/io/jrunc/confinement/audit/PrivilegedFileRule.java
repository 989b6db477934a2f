// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.linux.Kernel;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Root;
import java.util.ArrayList;
import java.util.List;

/** Programs in the root file system that give privileges. Source: execve(2), capabilities(7). */
final class PrivilegedFileRule implements Rule {
    private static final int SHOWN = 5;

    private static final FindingType EFFECTIVE =
            FindingType.of(
                    "privileged-programs",
                    Severity.MEDIUM,
                    "becomes the owner of a set-user-ID program, or gains its file capabilities, as"
                            + " far as the bounding set lets it; a bug in one of them is enough",
                    "set process.noNewPrivileges to true, or remove them, or these bits");
    private static final FindingType WITHOUT_EFFECT =
            FindingType.of(
                    "privileged-programs-without-effect",
                    Severity.INFO,
                    "gains nothing by them while process.noNewPrivileges is true",
                    "remove them if no program needs them");
    private static final FindingType INCOMPLETE =
            FindingType.of(
                    "root-not-searched",
                    Severity.INFO,
                    "may find privileged programs that this audit has not",
                    "look for them with find / -xdev -perm /6000");

    private final Kernel kernel;

    PrivilegedFileRule(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public List<FindingType> types() {
        return List.of(EFFECTIVE, WITHOUT_EFFECT, INCOMPLETE);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        if (target.spec().root().isEmpty()) {
            return List.of();
        }
        Root root = target.spec().root().get();
        PrivilegedFiles files = PrivilegedFiles.below(kernel, target.hostPath(root.path()));
        List<Finding> findings = new ArrayList<>();
        if (!files.found().isEmpty()) {
            boolean isHarmless =
                    target.spec().process().map(ProcessSpec::noNewPrivileges).orElse(false);
            FindingType type = isHarmless ? WITHOUT_EFFECT : EFFECTIVE;
            findings.add(target.finding(type, "root.path", words(files.found())));
        }
        if (!files.unsearched().isEmpty()) {
            findings.add(target.finding(INCOMPLETE, "root.path", files.unsearched()));
        }
        return findings;
    }

    private static String words(List<String> found) {
        String first = String.join(", ", found.subList(0, Math.min(SHOWN, found.size())));
        int more = found.size() - SHOWN;
        return first + (more > 0 ? " and " + more + " more" : "");
    }
}
