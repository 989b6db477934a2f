// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import static io.jrunc.cgroup.systemd.UnitProperty.number;

import io.jrunc.cgroup.file.DefaultDeviceRules;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.DeviceType;
import io.jrunc.spec.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The limits that systemd has properties for on cgroup v1. */
final class V1Properties {
    private V1Properties() {}

    /** Without the devices, which have a method of their own. */
    static List<UnitProperty> of(Resources resources, int version) {
        List<UnitProperty> all = new ArrayList<>();
        UnitProperties.limit(all, "MemoryLimit", resources.memory().limit());
        UnitProperties.limit(all, "CPUShares", resources.cpu().shares());
        Cpu cpu = resources.cpu();
        UnitProperties.quota(all, cpu.quota().orElse(0), cpu.period().orElse(0), version);
        UnitProperties.cpuSet(all, cpu.cpus().orElse(""), cpu.mems().orElse(""), version);
        if (resources.blockIo().weight().orElse(0) != 0) {
            all.add(number("BlockIOWeight", resources.blockIo().weight().getAsInt()));
        }
        DeviceProperties.ofV1(all, resources.blockIo());
        return all;
    }

    /**
     * Without these, systemd would allow all devices whenever it writes the cgroup's files again.
     * Rules that systemd cannot express are left out: it is then stricter, until the next update.
     */
    static void devices(List<UnitProperty> all, List<DeviceRule> rules) {
        List<DeviceRule> kept = new ArrayList<>();
        boolean everything = false;
        for (DeviceRule rule : rules) {
            if (rule.type().isEmpty()) {
                kept.clear();
                everything = rule.allow();
            } else if (rule.allow()) {
                kept.add(rule);
            } else {
                everything = false;
                kept.removeIf(earlier -> sameDevices(earlier, rule));
            }
        }
        if (everything) {
            all.add(UnitProperty.text("DevicePolicy", "auto"));
            return;
        }
        kept.addAll(DefaultDeviceRules.ALL);
        List<List<String>> entries = new ArrayList<>();
        for (DeviceRule rule : kept) {
            String path = path(rule);
            if (!path.isEmpty()) {
                entries.add(List.of(path, rule.access().orElse("rwm")));
            }
        }
        all.add(UnitProperty.text("DevicePolicy", "strict"));
        all.add(new UnitProperty("DeviceAllow", "a(ss)", entries));
    }

    private static boolean sameDevices(DeviceRule a, DeviceRule b) {
        return a.type().equals(b.type())
                && a.major().equals(b.major())
                && a.minor().equals(b.minor());
    }

    /** Empty for one minor number under all major ones, which systemd has no way to write. */
    private static String path(DeviceRule rule) {
        String kind = rule.type().orElseThrow() == DeviceType.BLOCK ? "block" : "char";
        OptionalInt major = rule.major();
        OptionalInt minor = rule.minor();
        if (major.isEmpty()) {
            return minor.isEmpty() ? kind + "-*" : "";
        }
        return minor.isEmpty()
                ? kind + "-" + major.getAsInt()
                : "/dev/" + kind + "/" + major.getAsInt() + ":" + minor.getAsInt();
    }
}
