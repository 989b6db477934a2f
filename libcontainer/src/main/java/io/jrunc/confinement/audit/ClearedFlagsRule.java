// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.MountInfo;
import io.jrunc.rootfs.MountOptions;
import io.jrunc.spec.Mount;
import io.jrunc.spec.json.SpecDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Flags of the host's mounts that a bind takes off. A bind whose options name any attribute has
 * those that they name and no others, as with mount(8). In a user namespace of the container's own
 * the kernel keeps them: they are locked, mount_namespaces(7).
 */
final class ClearedFlagsRule implements Rule {
    private static final FindingType READ_ONLY =
            FindingType.of(
                            "host-read-only-cleared",
                            Severity.MEDIUM,
                            "changes files that the host mounts read-only there",
                            "add \"ro\" to the mount's options, in place of \"rw\"")
                    .fixed();
    private static final FindingType OTHERS =
            FindingType.of(
                            "host-mount-flags-cleared",
                            Severity.LOW,
                            "gains from files there what the host's mount denies to all: privileges"
                                    + " of set-user-ID programs (nosuid), devices (nodev), programs"
                                    + " (noexec), or symbolic links (nosymfollow)",
                            "add the flags to the mount's options")
                    .fixed();

    private static final Map<String, MountAttr> FLAGS = flags();

    private final Kernel kernel;

    ClearedFlagsRule(Kernel kernel) {
        this.kernel = kernel;
    }

    private static Map<String, MountAttr> flags() {
        Map<String, MountAttr> flags = new LinkedHashMap<>();
        flags.put("ro", MountAttr.RDONLY);
        flags.put("nosuid", MountAttr.NOSUID);
        flags.put("nodev", MountAttr.NODEV);
        flags.put("noexec", MountAttr.NOEXEC);
        flags.put("nosymfollow", MountAttr.NOSYMFOLLOW);
        return flags;
    }

    @Override
    public List<FindingType> types() {
        return List.of(READ_ONLY, OTHERS);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        List<Finding> findings = new ArrayList<>();
        if (target.hasUserNamespace()) {
            return findings;
        }
        List<Mount> mounts = target.spec().mounts();
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            List<String> named = cleared(mount);
            if (!named.isEmpty() && mount.source().isPresent()) {
                judge(target, i, named, findings);
            }
        }
        return findings;
    }

    private void judge(AuditTarget target, int index, List<String> named, List<Finding> findings) {
        Mount mount = target.spec().mounts().get(index);
        String source = target.hostPath(mount.source().orElseThrow());
        List<String> hosts = new ArrayList<>(FLAGS.keySet());
        hosts.retainAll(hostFlags(source));
        List<String> lost = new ArrayList<>(hosts);
        lost.retainAll(named);
        if (lost.remove("ro")) {
            findings.add(found(target, READ_ONLY, index, source, List.of("ro"), hosts));
        }
        if (!lost.isEmpty()) {
            findings.add(found(target, OTHERS, index, source, lost, hosts));
        }
    }

    private static Finding found(
            AuditTarget target,
            FindingType type,
            int index,
            String source,
            List<String> lost,
            List<String> hosts) {
        Mount mount = target.spec().mounts().get(index);
        String problem =
                source
                        + " is on a mount of the host that is "
                        + String.join(",", lost)
                        + "; on "
                        + mount.destination()
                        + " it is not, by "
                        + String.join(",", mount.options());
        return target.finding(type, "mounts[" + index + "].options", problem)
                .fixedBy(document -> hosts.forEach(flag -> keep(document, index, flag)));
    }

    /** Names the flag, which is kept then; an option that names one takes off those left out. */
    private static void keep(SpecDocument document, int index, String flag) {
        String options = "/mounts/" + index + "/options";
        String opposite = flag.equals("ro") ? "rw" : flag.substring("no".length());
        for (String word : List.of(opposite, "r" + opposite, flag)) {
            document.remove(options, word);
        }
        document.append(options, '"' + flag + '"');
    }

    /**
     * Returns the flags that the topmost mount has not, whatever its source has; none if it keeps
     * all.
     */
    private static List<String> cleared(Mount mount) {
        MountOptions options = MountOptions.of(mount);
        boolean bind = options.bind() && !options.has(MountOptions.Extra.REMOUNT);
        boolean names = !options.set().isEmpty() || !options.clear().isEmpty();
        List<String> cleared = new ArrayList<>();
        FLAGS.forEach(
                (word, attribute) -> {
                    boolean stays = !names || options.set().contains(attribute);
                    boolean off = !stays || options.recursiveClear().contains(attribute);
                    if (bind && off && !options.recursiveSet().contains(attribute)) {
                        cleared.add(word);
                    }
                });
        return cleared;
    }

    /** Returns the flags of the mount that holds {@code path}; none if the caller cannot see it. */
    private List<String> hostFlags(String path) {
        Files files = kernel.files();
        try (Fd handle = files.openHandle(path)) {
            if (!handle.isOpen()) {
                return List.of();
            }
            String info = files.readText("/proc/self/fdinfo/" + handle.number());
            Optional<MountInfo> holder =
                    MountInfo.parse(files.readText(MountInfo.OWN)).stream()
                            .filter(mount -> info.contains("\nmnt_id:\t" + mount.id() + "\n"))
                            .findFirst();
            return holder.map(ClearedFlagsRule::flagsOf).orElse(List.of());
        }
    }

    /** Without "ro" where the file system itself is read-only: then no bind is writable. */
    private static List<String> flagsOf(MountInfo mount) {
        List<String> flags = new ArrayList<>(mount.options());
        if (mount.superOptions().contains("ro")) {
            flags.remove("ro");
        }
        return flags;
    }
}
