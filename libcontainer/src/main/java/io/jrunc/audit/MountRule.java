package io.jrunc.audit;

import io.jrunc.spec.Mount;
import io.jrunc.spec.json.SpecDocument;
import java.util.ArrayList;
import java.util.List;

/** What of the host is mounted. Source: mount(8), mount_namespaces(7). */
final class MountRule implements Rule {
    private static final Weakness SOCKET =
            Weakness.of(
                    "engine-socket",
                    Severity.CRITICAL,
                    "asks the engine for a container with the whole host in it; read-only does not"
                            + " help, a socket is connected to and not written",
                    "remove the mount; give the program a proxy that lets through the few requests"
                            + " it needs");
    private static final Weakness WRITABLE_ROOT =
            Weakness.of(
                            "writable-host-root",
                            Severity.CRITICAL,
                            "changes any file of the host that its user may write: for root, all",
                            "mount only the directory that the program needs, read-only if possible")
                    .inUserNamespace(Severity.HIGH)
                    .fixed();
    private static final Weakness READABLE_ROOT =
            Weakness.of(
                            "readable-host-root",
                            Severity.HIGH,
                            "reads any file of the host that its user may read: for root, all keys"
                                    + " and passwords; and connects to any socket",
                            "mount only the directory that the program needs")
                    .inUserNamespace(Severity.MEDIUM);
    private static final Weakness WRITABLE_SYSTEM =
            Weakness.of(
                            "writable-host-system-directory",
                            Severity.CRITICAL,
                            "changes programs, settings or kernel parameters of the host, as far as"
                                    + " its user may: for root, all",
                            "add \"ro\" to the mount's options, or mount less")
                    .inUserNamespace(Severity.MEDIUM)
                    .fixed();
    private static final Weakness READABLE_SYSTEM =
            Weakness.of(
                    "readable-host-system-directory",
                    Severity.LOW,
                    "reads settings and other data of the host, as far as its user may: for"
                            + " root, secrets, too",
                    "mount only the files that the program needs");
    private static final Weakness TOP_ONLY =
            Weakness.of(
                            "writable-below-read-only-mount",
                            Severity.MEDIUM,
                            "changes what else is mounted below the directory on the host: \"ro\""
                                    + " beside rbind makes the topmost mount read-only, no other",
                            "write \"rro\" in place of \"ro\"")
                    .inUserNamespace(Severity.LOW)
                    .fixed();
    private static final Weakness DEVICE =
            Weakness.of(
                            "host-device-mount",
                            Severity.HIGH,
                            "uses the device past all that the host has on it, as far as"
                                    + " linux.resources.devices and its permissions allow",
                            "remove the mount, unless the program is there for this device")
                    .inUserNamespace(Severity.MEDIUM);
    private static final Weakness WRITABLE =
            Weakness.of(
                    "writable-host-mount",
                    Severity.INFO,
                    "changes files of the host there, and whoever uses them must not trust them",
                    "add \"ro\" to the mount's options if the program only reads");
    private static final Weakness SHARED =
            Weakness.of(
                            "shared-mount",
                            Severity.MEDIUM,
                            "who may mount inside makes mounts that the host sees, too",
                            "write slave in place of shared among the mount's options")
                    .fixed();
    private static final Weakness WRITABLE_SYSFS =
            Weakness.of(
                            "writable-sysfs",
                            Severity.CRITICAL,
                            "as root, sets devices and parameters of the host's kernel, among them"
                                    + " the program that it runs for events (/sys/kernel/uevent_helper)",
                            "add \"ro\" to the mount's options")
                    .inUserNamespace(Severity.LOW)
                    .fixed();
    private static final Weakness WRITABLE_CGROUPS =
            Weakness.of(
                            "writable-cgroups",
                            Severity.MEDIUM,
                            "as root, lifts its own limits, on cgroup v2 without a cgroup namespace"
                                    + " also those of others, and on cgroup v1, with"
                                    + " CAP_SYS_ADMIN, has the host run a program (release_agent)",
                            "add \"ro\" to the mount's options")
                    .inUserNamespace(Severity.LOW)
                    .fixed();

    @Override
    public List<Weakness> weaknesses() {
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
    public List<Finding> judge(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        List<Mount> mounts = subject.spec().mounts();
        for (int i = 0; i < mounts.size(); i++) {
            new One(subject, i, mounts.get(i)).judge(findings);
        }
        return findings;
    }

    private record One(Subject subject, int index, Mount mount) {
        void judge(List<Finding> findings) {
            String type = mount.type().orElse("");
            if (isBind()) {
                judgeSource(subject.hostPath(mount.source().orElse("")), findings);
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
                    if (isRecursive() && !mount.options().contains("rro")) {
                        Finding found = found(TOP_ONLY, what + " with all mounts below it");
                        findings.add(found.fixedBy(this::makeReadOnly));
                    }
                }
            } else if (isWritable()) {
                findings.add(found(WRITABLE, what));
            }
        }

        private boolean isRecursive() {
            return mount.options().contains("rbind");
        }

        private boolean isBind() {
            return mount.options().contains("bind")
                    || mount.options().contains("rbind")
                    || mount.type().orElse("").equals("bind");
        }

        /** The last word counts. */
        private boolean isWritable() {
            boolean writable = true;
            for (String option : mount.options()) {
                switch (option) {
                    case "ro", "rro" -> writable = false;
                    case "rw", "rrw" -> writable = true;
                    default -> {} // says nothing of it
                }
            }
            return writable;
        }

        private Finding found(Weakness weakness, String problem) {
            return subject.finding(weakness, "mounts[" + index + "]", problem);
        }

        private Finding readOnly(Weakness weakness, String problem) {
            return found(weakness, problem + " and writable").fixedBy(this::makeReadOnly);
        }

        private void makeReadOnly(SpecDocument document) {
            for (String option : List.of("rw", "rrw", "ro")) {
                document.remove(options(), option);
            }
            document.append(options(), isRecursive() ? "\"rro\"" : "\"ro\"");
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
