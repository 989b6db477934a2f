// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.confinement.audit.AuditTest.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A careless document for each weakness. */
final class Cases {
    private static final String NO_USER_NAMESPACE =
            "/linux/namespaces [{\"type\": \"pid\"}, {\"type\": \"network\"}, {\"type\": \"ipc\"},"
                    + " {\"type\": \"uts\"}, {\"type\": \"mount\"}, {\"type\": \"cgroup\"}]";

    private Cases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        cases.add(
                Case.of(
                        "root-without-user-namespace",
                        NO_USER_NAMESPACE,
                        "/linux/uidMappings",
                        "/linux/gidMappings"));
        cases.add(
                Case.of(
                        "user-namespace-maps-host-root",
                        "/linux/uidMappings [{\"containerID\": 5, \"hostID\": 0, \"size\": 9}]"));
        cases.add(Case.of("all-capabilities", "/process/capabilities"));
        for (DangerousCapability one : DangerousCapability.values()) {
            cases.add(
                    Case.of(
                            one.type().id(),
                            "/process/capabilities/ambient [\"" + one.specName() + "\"]",
                            "/process/capabilities/inheritable [\"" + one.specName() + "\"]",
                            "/process/capabilities/permitted [\"" + one.specName() + "\"]"));
        }
        cases.add(
                Case.of(
                        "capability-beyond-docker",
                        "/process/capabilities/bounding [\"CAP_NET_BROADCAST\"]"));
        cases.add(Case.of("new-privileges-allowed", "/process/noNewPrivileges"));
        cases.add(Case.of("writable-root", "/root/readonly false"));
        cases.add(Case.of("shared-root-propagation", "/linux/rootfsPropagation \"rshared\""));
        seccomp(cases);
        namespaces(cases);
        mounts(cases);
        devices(cases);
        cases.add(Case.of("unmasked-paths", "/linux/maskedPaths [\"/proc/kcore\"]"));
        cases.add(Case.of("unmasked-side-channels", "/linux/maskedPaths [\"/sys\"]"));
        cases.add(Case.of("writable-kernel-paths", "/linux/readonlyPaths [\"/proc/sys\"]"));
        cases.add(Case.of("no-memory-limit", "/linux/resources/memory {\"limit\": -1}"));
        cases.add(Case.of("no-pids-limit", "/linux/resources/pids"));
        cases.add(Case.of("no-cpu-limit", "/linux/resources/cpu {\"shares\": 2}"));
        return cases;
    }

    private static void seccomp(List<Case> cases) {
        cases.add(Case.of("no-seccomp", "/linux/seccomp"));
        String all = "/linux/seccomp {\"defaultAction\": \"SCMP_ACT_ALLOW\"}";
        for (CallGroup group : CallGroup.values()) {
            String id = "seccomp-allows-" + group.name().toLowerCase(Locale.ROOT).replace('_', '-');
            cases.add(Case.of(id, all));
        }
        String rule = "\"syscalls\": [{\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_";
        cases.add(
                Case.of(
                        "seccomp-allows-bpf",
                        "/linux/seccomp {\"defaultAction\": \"SCMP_ACT_KILL\", "
                                + rule
                                + "LOG\"}]}"));
        cases.add(
                Case.of(
                        "seccomp-allows-keyrings",
                        "/linux/seccomp/syscalls/- {\"names\": [\"keyctl\", \"read\"],"
                                + " \"action\": \"SCMP_ACT_ALLOW\"}"));
    }

    private static void namespaces(List<Case> cases) {
        for (String type : List.of("pid", "network", "mount", "ipc", "uts", "cgroup")) {
            String others = NO_USER_NAMESPACE.replace("{\"type\": \"" + type + "\"}", "");
            String clean = others.replace("[, ", "[").replace(", ,", ",").replace(", ]", "]");
            List<String> edits = new ArrayList<>(List.of(clean));
            if (type.equals("uts")) {
                edits.add("/hostname");
            }
            if (type.equals("mount")) {
                edits.add("/linux/maskedPaths");
                edits.add("/linux/readonlyPaths");
            }
            edits.add("/linux/uidMappings");
            edits.add("/linux/gidMappings");
            cases.add(new Case("host-" + type + "-namespace", edits));
        }
        cases.add(
                Case.of(
                        "host-pid-namespace",
                        "/linux/namespaces [{\"type\": \"pid\", \"path\": \"/proc/1/ns/pid\"},"
                                + " {\"type\": \"user\"}, {\"type\": \"mount\"}, {\"type\": \"uts\"}]"));
        cases.add(
                Case.of(
                        "joined-namespace",
                        "/linux/namespaces [{\"type\": \"network\", \"path\": \"/run/netns/a\"},"
                                + " {\"type\": \"user\"}, {\"type\": \"mount\"}, {\"type\": \"uts\"}]"));
    }

    private static void mounts(List<Case> cases) {
        cases.add(bind("engine-socket", "/var/run/docker.sock", "ro"));
        cases.add(bind("writable-host-root", "/x/..", "rw"));
        cases.add(bind("readable-host-root", "//", "ro"));
        cases.add(bind("writable-host-system-directory", "/etc/cron.d", "ro\", \"rw"));
        cases.add(bind("readable-host-system-directory", "/var/log", "ro"));
        cases.add(bind("writable-below-read-only-mount", "/sys", "rbind\", \"ro"));
        cases.add(bind("host-device-mount", "/dev/kvm", "ro"));
        cases.add(bind("writable-host-mount", "data", "nosuid"));
        cases.add(bind("shared-mount", "/srv", "rshared"));
        cases.add(
                Case.of(
                        "writable-sysfs",
                        "/mounts/- {\"destination\": \"/s\", \"type\": \"sysfs\"}"));
        cases.add(
                Case.of(
                        "writable-cgroups",
                        "/mounts/- {\"destination\": \"/c\", \"type\": \"cgroup2\"}"));
    }

    private static Case bind(String id, String source, String option) {
        return Case.of(
                id,
                "/mounts/- {\"destination\": \"/m\", \"source\": \""
                        + source
                        + "\", \"options\": [\"bind\", \""
                        + option
                        + "\"]}");
    }

    private static void devices(List<Case> cases) {
        cases.add(
                Case.of(
                        "all-devices-allowed",
                        "/linux/resources/devices [{\"allow\": true, \"access\": \"rw\"}]"));
        cases.add(device("host-block-device", "b", "/dev/sda", 8, 0));
        cases.add(device("memory-device", "c", "/dev/m", 1, 1));
        cases.add(device("host-device", "c", "/dev/kvm", 10, 232));
    }

    private static Case device(String id, String type, String path, int major, int minor) {
        return Case.of(
                id,
                "/linux/devices [{\"type\": \""
                        + type
                        + "\", \"path\": \""
                        + path
                        + "\", \"major\": "
                        + major
                        + ", \"minor\": "
                        + minor
                        + "}]");
    }
}
