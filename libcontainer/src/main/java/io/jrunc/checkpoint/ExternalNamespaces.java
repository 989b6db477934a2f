// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Namespaces that a container has joined. Those for the network and for pids are left out of an
 * image, under the names that runc gives them; others are dumped, and joined again.
 */
public final class ExternalNamespaces {
    private ExternalNamespaces() {}

    /**
     * Names those of a container in a request to dump it.
     *
     * @param pid of its first process
     */
    public static void dump(Kernel runtime, Spec spec, int pid, CriuOptions options) {
        for (Namespace namespace : joined(spec)) {
            if (isLeftOut(namespace.type())) {
                leaveOut(runtime, namespace.type(), pid, options);
            }
        }
        if (isMadeForDevices(spec)) {
            leaveOut(runtime, NamespaceType.NETWORK, pid, options);
        }
    }

    private static void leaveOut(Kernel runtime, NamespaceType type, int pid, CriuOptions options) {
        // By the process, not by the path: the namespace may be gone from there by now.
        String path = "/proc/" + pid + "/ns/" + word(type);
        long inode = runtime.files().statIfExists(path).orElseThrow().inode();
        options.external(word(type) + "[" + inode + "]:" + key(type));
    }

    /**
     * Names those of a container in a request to restore it.
     *
     * @param process that becomes criu
     * @param made the network namespace of {@link #isMadeForDevices}, open in it; is closed
     * @param first number for a descriptor in it that is not used yet
     */
    public static void restore(
            Kernel process, Spec spec, Optional<Fd> made, CriuOptions options, int first) {
        int number = first;
        for (Namespace namespace : joined(spec)) {
            NamespaceType type = namespace.type();
            String path = namespace.path().orElseThrow();
            if (isLeftOut(type)) {
                Fd opened = process.files().open(path, OpenFlag.RDONLY);
                inherit(process, opened, type, options, number++);
            } else if (type == NamespaceType.CGROUP || type == NamespaceType.MOUNT) {
                throw Failure.unsupported(
                        "linux.namespaces",
                        "criu cannot restore into the "
                                + type.specName()
                                + " namespace of others; remove its path");
            } else {
                options.join(word(type), path);
            }
        }
        if (made.isPresent()) {
            inherit(process, made.get(), NamespaceType.NETWORK, options, number);
        }
    }

    private static void inherit(
            Kernel process, Fd opened, NamespaceType type, CriuOptions options, int number) {
        try (opened) {
            process.descriptors().duplicateTo(opened, number);
        }
        options.inherit(key(type), number);
    }

    /** Whether the container has a network namespace of its own with devices of the host. */
    public static boolean isMadeForDevices(Spec spec) {
        return !spec.linux().netDevices().isEmpty() && spec.linux().creates(NamespaceType.NETWORK);
    }

    private static List<Namespace> joined(Spec spec) {
        List<Namespace> joined = new ArrayList<>();
        for (NamespaceType type : NamespaceType.values()) {
            spec.linux()
                    .namespace(type)
                    .filter(namespace -> namespace.path().isPresent())
                    .ifPresent(joined::add);
        }
        return joined;
    }

    private static boolean isLeftOut(NamespaceType type) {
        return type == NamespaceType.NETWORK || type == NamespaceType.PID;
    }

    /** As in /proc/PID/ns. */
    private static String word(NamespaceType type) {
        return switch (type) {
            case NETWORK -> "net";
            case MOUNT -> "mnt";
            default -> type.specName();
        };
    }

    private static String key(NamespaceType type) {
        return type == NamespaceType.NETWORK ? "extRootNetNS" : "extRootPidNS";
    }
}
