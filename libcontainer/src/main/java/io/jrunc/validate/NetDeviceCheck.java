// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.NetDevice;
import io.jrunc.spec.Spec;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code linux.netDevices}. Source: runtime-spec config-linux.md, netdevice(7). */
final class NetDeviceCheck extends Check {
    /** {@code IFNAMSIZ} without the NUL. */
    private static final int MAX_BYTES = 15;

    NetDeviceCheck() {
        super("network devices");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        Map<String, NetDevice> devices = spec.linux().netDevices();
        if (devices.isEmpty()) {
            return;
        }
        if (spec.linux().namespace(NamespaceType.NETWORK).isEmpty()) {
            throw Failure.invalid(
                    "linux.netDevices",
                    "needs a network namespace",
                    "add {\"type\": \"network\"} to linux.namespaces");
        }
        if (!facts.effectiveRoot()) {
            throw Failure.invalid(
                    "linux.netDevices", "only root can move network devices", "remove it");
        }
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, NetDevice> entry : devices.entrySet()) {
            String field = "linux.netDevices[" + Texts.quoted(entry.getKey()) + ']';
            name(field, entry.getKey());
            String inside = entry.getValue().name().orElse(entry.getKey());
            name(field + ".name", inside);
            // For %d the kernel puts a number that is free.
            if (!inside.contains("%d") && !names.add(inside)) {
                throw Texts.invalid(
                        field + ".name",
                        inside,
                        "is the name of another device",
                        "choose a free one");
            }
        }
    }

    /** As {@code dev_valid_name} of the kernel. */
    private static void name(String field, String name) {
        boolean good =
                !name.isEmpty()
                        && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
                        && !name.equals(".")
                        && !name.equals("..");
        for (int i = 0; good && i < name.length(); i++) {
            char c = name.charAt(i);
            good = c > ' ' && c != '/' && c != ':';
        }
        if (!good) {
            throw Texts.invalid(
                    field,
                    name,
                    "cannot name a network device",
                    "write 1 to 15 bytes without blanks, slashes and colons");
        }
    }
}
