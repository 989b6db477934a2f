// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.List;
import java.util.Map;

/**
 * {@code linux.sysctl}: only what a namespace of the container's own confines. Source: runtime-spec
 * config-linux.md#sysctl, sysctl.d(5), namespaces(7).
 */
final class SysctlCheck extends Check {
    private static final List<String> OF_IPC =
            List.of(
                    "kernel.msgmax",
                    "kernel.msgmnb",
                    "kernel.msgmni",
                    "kernel.sem",
                    "kernel.shmall",
                    "kernel.shmmax",
                    "kernel.shmmni",
                    "kernel.shm_rmid_forced");

    SysctlCheck() {
        super("sysctl");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        for (Map.Entry<String, String> entry : spec.linux().sysctl().entrySet()) {
            String field = "linux.sysctl[" + Texts.quoted(entry.getKey()) + ']';
            Texts.noNul(field, entry.getValue());
            String name = dotted(entry.getKey());
            wellFormed(field, name);
            confined(field, name, spec);
        }
    }

    /** With slashes as separators a full stop is part of a name: {@code net/ipv4/conf/eth0.1}. */
    private static String dotted(String key) {
        int slash = key.indexOf('/');
        int stop = key.indexOf('.');
        if (slash < 0 || (stop >= 0 && stop < slash)) {
            return key;
        }
        StringBuilder swapped = new StringBuilder(key);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '/') {
                swapped.setCharAt(i, '.');
            } else if (c == '.') {
                swapped.setCharAt(i, '/');
            }
        }
        return swapped.toString();
    }

    /** With dots as separators a slash is part of a name, so no name may be "" or "..". */
    private static void wellFormed(String field, String name) {
        if (name.isEmpty()
                || name.startsWith(".")
                || name.endsWith(".")
                || name.contains("..")
                || name.contains("//")
                || name.indexOf('\0') >= 0) {
            throw Failure.invalid(
                    field,
                    "is not the name of a kernel parameter",
                    "write for example net.ipv4.ip_forward");
        }
    }

    private static void confined(String field, String name, Spec spec) {
        if (OF_IPC.contains(name) || name.startsWith("fs.mqueue.")) {
            needs(field, NamespaceType.IPC, spec);
        } else if (name.startsWith("net.")) {
            needs(field, NamespaceType.NETWORK, spec);
        } else if (name.startsWith("user.")) {
            needs(field, NamespaceType.USER, spec);
        } else if (name.equals("kernel.domainname")) {
            needs(field, NamespaceType.UTS, spec);
            if (spec.domainname().isPresent()) {
                throw Failure.invalid(
                        field, "contradicts domainname, which sets the same", "keep one of them");
            }
        } else if (name.equals("kernel.hostname")) {
            throw Failure.invalid(field, "is not set this way", "write hostname instead");
        } else {
            throw Failure.invalid(
                    field,
                    "is not confined to a namespace, so it would change the host",
                    "remove it");
        }
    }

    private static void needs(String field, NamespaceType type, Spec spec) {
        if (spec.linux().namespace(type).isEmpty()) {
            throw Failure.invalid(
                    field,
                    "needs a namespace of type "
                            + type.specName()
                            + ", else it would change the host",
                    "add {\"type\": " + Texts.quoted(type.specName()) + "} to linux.namespaces");
        }
    }
}
