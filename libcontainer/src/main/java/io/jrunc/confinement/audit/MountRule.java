// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.spec.Mount;
import io.jrunc.spec.json.SpecDocument;
import java.util.ArrayList;
import java.util.List;

/** What of the host is mounted. Source: mount(8), mount_namespaces(7). */
final class MountRule implements Rule {
    private static final FindingType SOCKET =
            FindingType.of(
                    "engine-socket",
                    Severity.CRITICAL,
                    "asks the engine for a container with the whole host in it; read-only does not"
                            + " help, a socket is connected to and not written",
                    "remove the mount; give the program a proxy that lets through the few requests"
                            + " it needs");
    private static final FindingType WRITABLE_ROOT =
            FindingType.of(
                            "writable-host-root",
                            Severity.CRITICAL,
                            "changes any file of the host that its user may write: for root, all",
                            "mount only the directory that the program needs, read-only if possible")
                    .inUserNamespace(Severity.HIGH)
                    .fixed();
    private static final FindingType READABLE_ROOT =
            FindingType.of(
                            "readable-host-root",
                            Severity.HIGH,
                            "reads any file of the host that its user may read: for root, all keys"
                                    + " and passwords; and connects to any socket",
                            "mount only the directory that the program needs")
                    .inUserNamespace(Severity.MEDIUM);
    private static final FindingType WRITABLE_SYSTEM =
            FindingType.of(
                            "writable-host-system-directory",
                            Severity.CRITICAL,
                            "changes programs, settings or kernel parameters of the host, as far as"
                                    + " its user may: for root, all",
                            "add \"ro\" to the mount's options, or mount less")
                    .inUserNamespace(Severity.MEDIUM)
                    .fixed();
    private static final FindingType READABLE_SYSTEM =
            FindingType.of(
                    "readable-host-system-directory",
                    Severity.LOW,
                    "reads settings and other data of the host, as far as its user may: for"
                            + " root, secrets, too",
                    "mount only the files that the program needs");
    private static final FindingType TOP_ONLY =
            FindingType.of(
                            "writable-below-read-only-mount",
                            Severity.MEDIUM,
                            "changes what else is mounted below the directory on the host: \"ro\""
                                    + " beside rbind makes the topmost mount read-only, no other",
                            "write \"rro\" in place of \"ro\"")
                    .inUserNamespace(Severity.LOW)
                    .fixed();
    private static final FindingType DEVICE =
            FindingType.of(
                            "host-device-mount",
                            Severity.HIGH,
                            "uses the device past all that the host has on it, as far as"
                                    + " linux.resources.devices and its permissions allow",
                            "remove the mount, unless the program is there for this device")
                    .inUserNamespace(Severity.MEDIUM);
    private static final FindingType WRITABLE =
            FindingType.of(
                    "writable-host-mount",
                    Severity.INFO,
                    "changes files of the host there, which other users of these files must not trust",
                    "add \"ro\" to the mount's options if the program only reads");
    private static final FindingType SHARED =
            FindingType.of(
                            "shared-mount",
                            Severity.MEDIUM,
                            "with CAP_SYS_ADMIN makes mounts that the host sees, too",
                            "write slave in place of shared among the mount's options")
                    .fixed();
    private static final FindingType WRITABLE_SYSFS =
            FindingType.of(
                            "writable-sysfs",
                            Severity.CRITICAL,
                            "as root, sets devices and parameters of the host's kernel, among them"
                                    + " the program that it runs for events (/sys/kernel/uevent_helper)",
                            "add \"ro\" to the mount's options")
                    .inUserNamespace(Severity.LOW)
                    .fixed();
    private static final FindingType WRITABLE_CGROUPS =
            FindingType.of(
                            "writable-cgroups",
                            Severity.MEDIUM,
                            "as root, lifts its own limits, on cgroup v2 without a cgroup namespace"
                                    + " also those of others, and on cgroup v1, with"
                                    + " CAP_SYS_ADMIN, has the host run a program (release_agent)",
                            "add \"ro\" to the mount's options")
                    .inUserNamespace(Severity.LOW)
                    .fixed();

    @Override
    public List<FindingType> types() {
        return List.of(
                SOCKET,
                WRITABLE_ROOT,
                READABLE_ROOT,
                WRITABLE_SYSTEM,
                READABLE_SYSTEM,
                TOP_ONLY,
                DEVICE,
                WRITABLE,
                SHARED,
                WRITABLE_SYSFS,
                WRITABLE_CGROUPS);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        List<Finding> findings = new ArrayList<>();
        List<Mount> mounts = target.spec().mounts();
        for (int i = 0; i < mounts.size(); i++) {
            new One(target, i, mounts.get(i)).judge(findings);
        }
        return findings;
    }

    private record One(AuditTarget target, int index, Mount mount) {
        void judge(List<Finding> findings) {
            String type = mount.type().orElse("");
            if (mount.isBind()) {
                judgeSource(target.hostPath(mount.source().orElse("")), findings);
            } else if (type.equals("sysfs") && isWritable()) {
                findings.add(readOnly(WRITABLE_SYSFS, "the mount on " + mount.destination()));
            } else if (type.startsWith("cgroup") && isWritable()) {
                findings.add(readOnly(WRITABLE_CGROUPS, "the mount on " + mount.destination()));
            }
            for (String option : mount.options()) {
                if (option.equals("shared") || option.equals("rshared")) {
                    Finding found =
                            found(SHARED, "mounts on " + mount.destination() + " propagate out");
                    findings.add(found.fixedBy(document -> slave(document, option)));
                }
            }
        }

        private void judgeSource(String source, List<Finding> findings) {
            String what = source + " of the host is mounted on " + mount.destination();
            boolean isRoot = source.equals("/");
            if (HostPaths.isEngineSocket(source)) {
                findings.add(found(SOCKET, what));
            } else if (HostPaths.isDevice(source)) {
                findings.add(found(DEVICE, what));
            } else if (isRoot || HostPaths.isSystem(source)) {
                if (isWritable()) {
                    findings.add(readOnly(isRoot ? WRITABLE_ROOT : WRITABLE_SYSTEM, what));
                } else {
                    findings.add(found(isRoot ? READABLE_ROOT : READABLE_SYSTEM, what));
                    if (mount.isRecursiveBind() && !mount.options().contains("rro")) {
                        Finding found = found(TOP_ONLY, what + " with all mounts below it");
                        findings.add(found.fixedBy(this::makeReadOnly));
                    }
                }
            } else if (isWritable()) {
                findings.add(found(WRITABLE, what));
            }
        }

        /** The last word counts. */
        private boolean isWritable() {
            boolean writable = true;
            for (String option : mount.options()) {
                switch (option) {
                    case "ro", "rro" -> writable = false;
                    case "rw", "rrw" -> writable = true;
                    default -> {} // does not concern it
                }
            }
            return writable;
        }

        private Finding found(FindingType type, String problem) {
            return target.finding(type, "mounts[" + index + "]", problem);
        }

        private Finding readOnly(FindingType type, String problem) {
            return found(type, problem + " and writable").fixedBy(this::makeReadOnly);
        }

        private void makeReadOnly(SpecDocument document) {
            for (String option : List.of("rw", "rrw", "ro")) {
                document.remove(options(), option);
            }
            document.append(options(), mount.isRecursiveBind() ? "\"rro\"" : "\"ro\"");
        }

        private void slave(SpecDocument document, String option) {
            document.remove(options(), option);
            document.append(options(), '"' + option.replace("shared", "slave") + '"');
        }

        private String options() {
            return "/mounts/" + index + "/options";
        }
    }
}
