// SPDX-License-Identifier: Apache-2.0
package io.jrunc.kernelaudit;

import io.jrunc.spec.Cpu;
import io.jrunc.spec.Device;
import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.DeviceType;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A resource that a container may use, in libvirt's format: memory in KiB, processors, devices.
 *
 * @param kind {@code mem}, {@code vcpu} or {@code cgroup}
 * @param reason {@code start}, {@code update}, {@code allow} or {@code deny}
 * @param details further fields, encoded
 */
record Resource(String kind, String reason, AuditFields details) {
    private static final int KIB = 1024;
    private static final long DEFAULT_PERIOD = 100_000;
    private static final String ALL_ACCESS = "rwm";

    /** Returns all of a container; unlimited ones are left out. */
    static List<Resource> of(Linux linux) {
        List<Resource> all = new ArrayList<>();
        Resources resources = linux.resources();
        if (memory(resources) > 0) {
            all.add(changed("mem", "start", 0, memory(resources)));
        }
        if (processors(resources.cpu()) > 0) {
            all.add(changed("vcpu", "start", 0, processors(resources.cpu())));
        }
        for (DeviceRule rule : resources.devices()) {
            all.add(rule(rule));
        }
        for (Device device : linux.devices()) {
            if (device.major().isPresent()) {
                all.add(node(device));
            }
        }
        return all;
    }

    /** Returns what differs between two states of a container's limits; 0 stands for no limit. */
    static List<Resource> changes(Resources before, Resources after) {
        List<Resource> all = new ArrayList<>();
        if (memory(before) != memory(after)) {
            all.add(changed("mem", "update", memory(before), memory(after)));
        }
        if (processors(before.cpu()) != processors(after.cpu())) {
            all.add(changed("vcpu", "update", processors(before.cpu()), processors(after.cpu())));
        }
        if (!before.devices().equals(after.devices())) {
            for (DeviceRule rule : after.devices()) {
                all.add(rule(rule));
            }
        }
        return all;
    }

    /** Returns the limit in KiB; 0 if there is none. */
    private static long memory(Resources resources) {
        return Math.max(resources.memory().limit().orElse(0), 0) / KIB;
    }

    /** Returns the number, rounded up: the format has no fractions. 0 if there is no limit. */
    private static long processors(Cpu cpu) {
        long period = cpu.period().orElse(DEFAULT_PERIOD);
        return (Math.max(cpu.quota().orElse(0), 0) + period - 1) / period;
    }

    private static Resource changed(String kind, String reason, long from, long to) {
        AuditFields details = new AuditFields().word("old-" + kind, from);
        return new Resource(kind, reason, details.word("new-" + kind, to));
    }

    private static Resource rule(DeviceRule rule) {
        AuditFields details = new AuditFields();
        if (rule.major().isEmpty()) {
            details.word("class", "all");
        } else {
            details.word("class", "major").word("category", category(rule));
            details.word("maj", hex(rule.major()));
            if (rule.minor().isPresent()) {
                details.word("min", hex(rule.minor()));
            }
        }
        details.untrusted("acl", rule.access().orElse(ALL_ACCESS));
        return new Resource("cgroup", rule.allow() ? "allow" : "deny", details);
    }

    private static String category(DeviceRule rule) {
        return rule.type().filter(type -> type == DeviceType.BLOCK).isPresent() ? "block" : "char";
    }

    private static Resource node(Device device) {
        AuditFields details = new AuditFields().word("class", "path");
        details.untrusted("path", device.path());
        details.word("rdev", hex(device.major()) + ":" + hex(device.minor()));
        return new Resource("cgroup", "allow", details.word("acl", ALL_ACCESS));
    }

    private static String hex(OptionalInt number) {
        return String.format(Locale.ROOT, "%02X", number.orElse(0));
    }
}
