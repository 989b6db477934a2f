// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the container shares with the host. Source: namespaces(7) and those it names. */
final class NamespaceRule implements Rule {
    /** Those of the host's first process, and of the runtime's own. */
    private static final String HOSTS = "/proc/(1|self|thread-self)/(task/[^/]+/)?ns/.*";

    private static final Map<NamespaceType, FindingType> SHARED =
            new EnumMap<>(NamespaceType.class);
    private static final FindingType JOINED =
            FindingType.of(
                    "joined-namespace",
                    Severity.INFO,
                    "shares the namespace with the other processes in it, as containers of a pod do",
                    "make sure that all processes in it trust each other");

    static {
        share(
                NamespaceType.PID,
                "host-pid-namespace",
                Severity.HIGH,
                "sees all processes of the host with their command lines, and, as the same user,"
                        + " signals them and reads their environment; root with CAP_SYS_PTRACE takes"
                        + " them over",
                true);
        share(
                NamespaceType.NETWORK,
                "host-network-namespace",
                Severity.HIGH,
                "reaches what the host's services offer on the loopback address and on abstract Unix"
                        + " sockets, and listens on the host's ports; with CAP_NET_RAW it reads the"
                        + " host's traffic",
                false);
        share(
                NamespaceType.MOUNT,
                "host-mount-namespace",
                Severity.CRITICAL,
                "is in the host's file tree",
                true);
        share(
                NamespaceType.IPC,
                "host-ipc-namespace",
                Severity.MEDIUM,
                "reads and writes shared memory, semaphores and message queues of the host's"
                        + " processes, as far as their permissions allow",
                true);
        share(
                NamespaceType.UTS,
                "host-uts-namespace",
                Severity.LOW,
                "with CAP_SYS_ADMIN it renames the host",
                true);
        share(
                NamespaceType.CGROUP,
                "host-cgroup-namespace",
                Severity.LOW,
                "sees where in the host's tree its cgroups are, and so names of containers,"
                        + " services and users",
                true);
    }

    private static void share(
            NamespaceType type, String id, Severity severity, String consequence, boolean fixed) {
        String remedy =
                "add {\"type\": \""
                        + type.specName()
                        + "\"} to linux.namespaces"
                        + (fixed ? "" : "; the program then has a network only if one is set up");
        FindingType findingType = FindingType.of(id, severity, consequence, remedy);
        SHARED.put(type, fixed ? findingType.fixed() : findingType);
    }

    @Override
    public List<FindingType> types() {
        List<FindingType> all = new ArrayList<>(SHARED.values());
        all.add(JOINED);
        return all;
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        List<Finding> findings = new ArrayList<>();
        SHARED.forEach(
                (type, findingType) -> {
                    if (target.linux().namespace(type).isEmpty()) {
                        findings.add(missing(target, type, findingType));
                    }
                });
        List<Namespace> namespaces = target.linux().namespaces();
        for (int i = 0; i < namespaces.size(); i++) {
            if (namespaces.get(i).path().isPresent()) {
                findings.add(joined(target, i, namespaces.get(i)));
            }
        }
        return findings;
    }

    private static Finding joined(AuditTarget target, int index, Namespace namespace) {
        String path = namespace.path().orElseThrow();
        String word = namespace.type().specName();
        FindingType type =
                path.matches(HOSTS) ? SHARED.getOrDefault(namespace.type(), JOINED) : JOINED;
        Finding finding =
                target.finding(
                        type,
                        "linux.namespaces[" + index + "].path",
                        "the " + word + " namespace of " + path);
        String pointer = "/linux/namespaces/" + index;
        return finding.type().isFixed()
                ? finding.fixedBy(document -> document.set(pointer, created(word)))
                : finding;
    }

    private static String created(String type) {
        return "{\"type\": \"" + type + "\"}";
    }

    private static Finding missing(
            AuditTarget target, NamespaceType type, FindingType findingType) {
        String word = type.specName();
        Finding finding =
                target.finding(
                        findingType,
                        "linux.namespaces",
                        "no " + word + " namespace of the container's own");
        return findingType.isFixed()
                ? finding.fixedBy(document -> document.append("/linux/namespaces", created(word)))
                : finding;
    }
}
