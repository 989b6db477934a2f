// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.spec.Device;
import io.jrunc.spec.DeviceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which devices of the host can be used. Source: runtime-spec config-linux.md#devices. */
final class DeviceRule implements Rule {
    private static final int MEMORY_MAJOR = 1;
    private static final List<Integer> MEMORY_MINORS = List.of(1, 2, 4); // mem, kmem, port

    private static final FindingType ALL =
            FindingType.of(
                            "all-devices-allowed",
                            Severity.HIGH,
                            "with CAP_MKNOD makes a node for any disk of the host and reads or writes"
                                    + " it",
                            "allow only the devices that the program needs, by major and minor"
                                    + " number")
                    .inUserNamespace(Severity.LOW)
                    .fixed();
    private static final FindingType BLOCK =
            FindingType.of(
                    "host-block-device",
                    Severity.CRITICAL,
                    "reads and, unless the rules for devices forbid it, writes a disk past its file"
                            + " system",
                    "remove the device; mount a file system of it instead");
    private static final FindingType MEMORY =
            FindingType.of(
                    "memory-device",
                    Severity.CRITICAL,
                    "reaches the host's memory or I/O ports, as far as the kernel lets CAP_SYS_RAWIO",
                    "remove the device");
    private static final FindingType OTHER =
            FindingType.of(
                    "host-device",
                    Severity.MEDIUM,
                    "uses the device, and the part of the kernel that drives it",
                    "remove the device, unless the program is there for it");

    @Override
    public List<FindingType> types() {
        return List.of(ALL, BLOCK, MEMORY, OTHER);
    }

    @Override
    public List<Finding> judge(AuditTarget target) {
        List<Finding> findings = new ArrayList<>();
        List<io.jrunc.spec.DeviceRule> rules = target.limits().devices();
        for (int i = 0; i < rules.size(); i++) {
            if (isOpen(rules.get(i)) && !isRevoked(rules, i)) {
                String pointer = "/linux/resources/devices/" + i + "/allow";
                findings.add(
                        target.finding(
                                        ALL,
                                        "linux.resources.devices[" + i + "]",
                                        "all devices of a kind may be read or written")
                                .fixedBy(document -> document.set(pointer, "false")));
            }
        }
        List<Device> devices = target.linux().devices();
        for (int i = 0; i < devices.size(); i++) {
            Optional<FindingType> type = typeOf(devices.get(i));
            if (type.isPresent()) {
                String problem = devices.get(i).path() + " is made";
                findings.add(target.finding(type.get(), "linux.devices[" + i + "]", problem));
            }
        }
        return findings;
    }

    /** Only to make nodes, as Docker allows for all, is harmless: they cannot be opened. */
    private static boolean isOpen(io.jrunc.spec.DeviceRule rule) {
        String access = rule.access().orElse("rwm");
        return rule.allow()
                && rule.major().isEmpty()
                && (access.contains("r") || access.contains("w"));
    }

    /** Returns whether a later rule takes everything back. */
    private static boolean isRevoked(List<io.jrunc.spec.DeviceRule> rules, int index) {
        return rules.subList(index + 1, rules.size()).stream()
                .anyMatch(rule -> !rule.allow() && rule.type().isEmpty() && rule.major().isEmpty());
    }

    private static Optional<FindingType> typeOf(Device device) {
        if (device.type() == DeviceType.BLOCK) {
            return Optional.of(BLOCK);
        }
        if (device.type() == DeviceType.FIFO) {
            return Optional.empty();
        }
        if (device.major().orElse(0) == MEMORY_MAJOR) {
            return Optional.of(MEMORY)
                    .filter(type -> MEMORY_MINORS.contains(device.minor().orElse(0)));
        }
        return Optional.of(OTHER).filter(type -> HostPaths.isDevice(device.path()));
    }
}
