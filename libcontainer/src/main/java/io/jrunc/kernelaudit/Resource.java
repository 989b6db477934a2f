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
import java.util.OptionalLong;

/**
 * A resource that a container may use, in libvirt's format: memory in KiB, processors, devices.
 *
 * @param kind {@code mem}, {@code vcpu} or {@code cgroup}
 * @param reason {@code start}, {@code allow} or {@code deny}
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
        OptionalLong memory = resources.memory().limit();
        if (memory.orElse(-1) > 0) {
            all.add(atStart("mem", memory.getAsLong() / KIB));
        }
        OptionalLong quota = resources.cpu().quota();
        if (quota.orElse(-1) > 0) {
            all.add(atStart("vcpu", processors(resources.cpu())));
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

    /** Returns the number, rounded up: the format has no fractions. */
    private static long processors(Cpu cpu) {
        long period = cpu.period().orElse(DEFAULT_PERIOD);
        return (cpu.quota().getAsLong() + period - 1) / period;
    }

    private static Resource atStart(String kind, long now) {
        AuditFields details = new AuditFields().word("old-" + kind, 0).word("new-" + kind, now);
        return new Resource(kind, "start", details);
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
