package io.jrunc.audit;

import io.jrunc.spec.Mount;
import io.jrunc.spec.json.SpecDocument;
import io.jrunc.spec.template.DefaultSpec;
import io.jrunc.spec.template.HardenedSpec;
import java.util.ArrayList;
import java.util.List;

/** What of the kernel shows through /proc and /sys. Source: proc(5), sysfs(5). */
final class HiddenPathRule implements Rule {
    private static final Weakness UNMASKED =
            Weakness.of(
                            "unmasked-paths",
                            Severity.MEDIUM,
                            "reads what the kernel shows of itself there: its memory, as far as it"
                                    + " lets it (/proc/kcore), keys, timers and schedules of all"
                                    + " processes, firmware tables",
                            "add them to linux.maskedPaths")
                    .inUserNamespace(Severity.LOW)
                    .fixed();
    private static final Weakness SIDE_CHANNELS =
            Weakness.of(
                            "unmasked-side-channels",
                            Severity.LOW,
                            "measures what others do by interrupts and the processor's power, down"
                                    + " to keys in use (CVE-2020-8694)",
                            "add them to linux.maskedPaths")
                    .fixed();
    private static final Weakness WRITABLE =
            Weakness.of(
                            "writable-kernel-paths",
                            Severity.CRITICAL,
                            "as root, tells the host's kernel what to do: which program handles a"
                                    + " core dump (/proc/sys/kernel/core_pattern), to reboot at once"
                                    + " (/proc/sysrq-trigger)",
                            "add them to linux.readonlyPaths")
                    .inUserNamespace(Severity.LOW)
                    .fixed();

    @Override
    public List<Weakness> weaknesses() {
        return List.of(UNMASKED, SIDE_CHANNELS, WRITABLE);
    }

    @Override
    public List<Finding> judge(Subject subject) {
        List<String> masked = subject.linux().maskedPaths();
        List<String> readonly = new ArrayList<>(subject.linux().readonlyPaths());
        readonly.addAll(masked);
        List<Finding> findings = new ArrayList<>();
        add(subject, UNMASKED, "maskedPaths", DefaultSpec.MASKED, masked, findings);
        add(subject, SIDE_CHANNELS, "maskedPaths", HardenedSpec.SIDE_CHANNELS, masked, findings);
        add(subject, WRITABLE, "readonlyPaths", DefaultSpec.READONLY, readonly, findings);
        return findings;
    }

    private static void add(
            Subject subject,
            Weakness weakness,
            String list,
            List<String> wanted,
            List<String> covered,
            List<Finding> findings) {
        List<String> open = new ArrayList<>();
        for (String path : wanted) {
            if (isMounted(subject, path)
                    && covered.stream().noneMatch(c -> HostPaths.isAtOrBelow(c, path))) {
                open.add(path);
            }
        }
        if (!open.isEmpty()) {
            findings.add(
                    subject.finding(weakness, "linux." + list, "not in it: " + words(open))
                            .fixedBy(document -> append(document, "/linux/" + list, open)));
        }
    }

    /** Whether the container has the file system in which the path is. */
    private static boolean isMounted(Subject subject, String path) {
        for (Mount mount : subject.spec().mounts()) {
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
