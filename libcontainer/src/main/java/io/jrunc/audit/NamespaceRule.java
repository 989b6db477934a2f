package io.jrunc.audit;

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

    private static final Map<NamespaceType, Weakness> SHARED = new EnumMap<>(NamespaceType.class);
    private static final Weakness JOINED =
            Weakness.of(
                    "joined-namespace",
                    Severity.INFO,
                    "shares the namespace with whoever else is in it, as containers of a pod do",
                    "make sure that all who are in it trust each other");

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
        Weakness weakness = Weakness.of(id, severity, consequence, remedy);
        SHARED.put(type, fixed ? weakness.fixed() : weakness);
    }

    @Override
    public List<Weakness> weaknesses() {
        List<Weakness> all = new ArrayList<>(SHARED.values());
        all.add(JOINED);
        return all;
    }

    @Override
    public List<Finding> judge(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        SHARED.forEach(
                (type, weakness) -> {
                    if (subject.linux().namespace(type).isEmpty()) {
                        findings.add(missing(subject, type, weakness));
                    }
                });
        List<Namespace> namespaces = subject.linux().namespaces();
        for (int i = 0; i < namespaces.size(); i++) {
            if (namespaces.get(i).path().isPresent()) {
                findings.add(joined(subject, i, namespaces.get(i)));
            }
        }
        return findings;
    }

    private static Finding joined(Subject subject, int index, Namespace namespace) {
        String path = namespace.path().orElseThrow();
        String word = namespace.type().specName();
        Weakness shared = SHARED.get(namespace.type());
        boolean isHosts = shared != null && path.matches(HOSTS);
        Finding finding =
                subject.finding(
                        isHosts ? shared : JOINED,
                        "linux.namespaces[" + index + "].path",
                        "the " + word + " namespace of " + path);
        String pointer = "/linux/namespaces/" + index;
        return finding.weakness().isFixed()
                ? finding.fixedBy(document -> document.set(pointer, created(word)))
                : finding;
    }

    private static String created(String type) {
        return "{\"type\": \"" + type + "\"}";
    }

    private static Finding missing(Subject subject, NamespaceType type, Weakness weakness) {
        String word = type.specName();
        Finding finding =
                subject.finding(
                        weakness,
                        "linux.namespaces",
                        "no " + word + " namespace of the container's own");
        return weakness.isFixed()
                ? finding.fixedBy(document -> document.append("/linux/namespaces", created(word)))
                : finding;
    }
}
