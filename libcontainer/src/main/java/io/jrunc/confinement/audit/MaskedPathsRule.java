// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.spec.Mount;
import io.jrunc.spec.json.SpecDocument;
import io.jrunc.spec.template.DefaultSpec;
import io.jrunc.spec.template.HardenedSpec;
import java.util.ArrayList;
import java.util.List;

/** What of the kernel shows through /proc and /sys. Source: proc(5), sysfs(5). */
final class MaskedPathsRule implements Rule {
    private static final FindingType UNMASKED =
            FindingType.of(
                            "unmasked-paths",
                            Severity.MEDIUM,
                            "reads what the kernel shows of itself there: its memory, as far as it"
                                    + " lets it (/proc/kcore), keys, timers and schedules of all"
                                    + " processes, firmware tables",
                            "add them to linux.maskedPaths")
                    .inUserNamespace(Severity.LOW)
                    .fixed();
    private static final FindingType SIDE_CHANNELS =
            FindingType.of(
                            "unmasked-side-channels",
                            Severity.LOW,
                            "measures what others do by interrupts and the processor's power, down"
                                    + " to keys in use (CVE-2020-8694)",
                            "add them to linux.maskedPaths")
                    .fixed();
    private static final FindingType WRITABLE =
            FindingType.of(
                            "writable-kernel-paths",
                            Severity.CRITICAL,
                            "as root, controls the host's kernel: which program handles a"
                                    + " core dump (/proc/sys/kernel/core_pattern), to reboot at once"
                                    + " (/proc/sysrq-trigger)",
                            "add them to linux.readonlyPaths")
                    .inUserNamespace(Severity.LOW)
                    .fixed();

    @Override
    public List<FindingType> types() {
        return List.of(UNMASKED, SIDE_CHANNELS, WRITABLE);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        List<String> masked = target.linux().maskedPaths();
        List<String> readonly = new ArrayList<>(target.linux().readonlyPaths());
        readonly.addAll(masked);
        List<Finding> findings = new ArrayList<>();
        add(target, UNMASKED, "maskedPaths", DefaultSpec.MASKED, masked, findings);
        add(target, SIDE_CHANNELS, "maskedPaths", HardenedSpec.SIDE_CHANNELS, masked, findings);
        add(target, WRITABLE, "readonlyPaths", DefaultSpec.READONLY, readonly, findings);
        return findings;
    }

    private static void add(
            AuditTarget target,
            FindingType type,
            String list,
            List<String> wanted,
            List<String> covered,
            List<Finding> findings) {
        List<String> open = new ArrayList<>();
        for (String path : wanted) {
            if (isMounted(target, path)
                    && covered.stream().noneMatch(c -> HostPaths.isAtOrBelow(c, path))) {
                open.add(path);
            }
        }
        if (!open.isEmpty()) {
            findings.add(
                    target.finding(type, "linux." + list, "not in it: " + words(open))
                            .fixedBy(document -> append(document, "/linux/" + list, open)));
        }
    }

    /** Returns whether the container has the file system in which the path is. */
    private static boolean isMounted(AuditTarget target, String path) {
        for (Mount mount : target.spec().mounts()) {
            if (HostPaths.isAtOrBelow(mount.destination(), path)
                    && !mount.destination().equals("/")) {
                return true;
            }
        }
        return false;
    }

    private static void append(SpecDocument document, String pointer, List<String> paths) {
        paths.forEach(path -> document.append(pointer, '"' + path + '"'));
    }

    private static String words(List<String> paths) {
        return String.join(", ", paths);
    }
}
