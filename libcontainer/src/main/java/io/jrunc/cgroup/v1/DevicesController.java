// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.file.DefaultDeviceRules;
import io.jrunc.spec.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** {@code linux.resources.devices} on v1. Source: kernel documentation, cgroup-v1/devices. */
public final class DevicesController {
    private static final String ALLOW = "devices.allow";
    private static final String DENY = "devices.deny";

    private DevicesController() {}

    /** Only what a rule allows is allowed: a new cgroup would allow all that its parent does. */
    public static void apply(CgroupDir dir, List<DeviceRule> rules) {
        AllowedDevices.of(rules); // refuses what the kernel would ignore
        dir.write(DENY, "a");
        for (DeviceRule rule : rules) {
            dir.write(rule.allow() ? ALLOW : DENY, line(rule));
        }
        List<String> defaults = new ArrayList<>();
        for (DeviceRule rule : DefaultDeviceRules.ALL) {
            defaults.add(line(rule));
        }
        dir.write(ALLOW, defaults);
    }

    /**
     * Puts other rules in force while processes exist, and does not deny in between what both the
     * old and the new rules allow: unless one of them allows everything but some devices, for the
     * kernel does not list which.
     */
    public static void update(CgroupDir dir, List<DeviceRule> rules) {
        List<DeviceRule> all = new ArrayList<>(rules);
        all.addAll(DefaultDeviceRules.ALL);
        AllowedDevices now = AllowedDevices.parse(dir.read("devices.list"));
        AllowedDevices wanted = AllowedDevices.of(all);
        if (now.isEverything() || wanted.isEverything()) {
            apply(dir, rules);
            return;
        }
        for (String line : wanted.linesWithout(now)) {
            dir.write(ALLOW, line);
        }
        for (String line : now.linesWithout(wanted)) {
            dir.write(DENY, line);
        }
    }

    static String line(DeviceRule rule) {
        if (rule.type().isEmpty()) {
            return "a";
        }
        String access = rule.access().orElse("");
        return rule.type().get().specName()
                + " "
                + number(rule.major())
                + ":"
                + number(rule.minor())
                + " "
                + (access.isEmpty() ? "rwm" : access);
    }

    private static String number(OptionalInt number) {
        return number.orElse(-1) < 0 ? "*" : Integer.toString(number.getAsInt());
    }
}
