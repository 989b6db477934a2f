package io.jrunc.cgroup;

import io.jrunc.spec.Cpu;
import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.Memory;
import io.jrunc.spec.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The files of v1 controllers. Source: kernel documentation, admin-guide/cgroup-v1. */
final class V1Limits {
    private V1Limits() {}

    static void apply(
            CgroupDir dir, Resources resources, Hierarchy hierarchy, boolean userNamespace) {
        for (String controller : hierarchy.controllers()) {
            switch (controller) {
                case "memory" -> memory(dir, resources.memory());
                case "cpu" -> cpu(dir, resources.cpu());
                case "cpuset" -> cpuset(dir, resources.cpu());
                case "pids" -> pids(dir, resources);
                case "devices" -> devices(dir, resources, userNamespace);
                default -> {}
            }
        }
    }

    private static void memory(CgroupDir dir, Memory memory) {
        limit(dir, "memory.limit_in_bytes", memory.limit());
        // After the limit: the sum of memory and swap may not be below it.
        limit(dir, "memory.memsw.limit_in_bytes", memory.swap());
        limit(dir, "memory.soft_limit_in_bytes", memory.reservation());
        if (memory.swappiness().isPresent()) {
            dir.write("memory.swappiness", Integer.toString(memory.swappiness().getAsInt()));
        }
        if (memory.disableOomKiller().orElse(false)) {
            dir.write("memory.oom_control", "1");
        }
    }

    /** Zero is how engines write "not set". */
    private static void limit(CgroupDir dir, String file, OptionalLong value) {
        if (value.orElse(0) != 0) {
            dir.write(file, Long.toString(value.getAsLong()));
        }
    }

    private static void cpu(CgroupDir dir, Cpu cpu) {
        limit(dir, "cpu.shares", cpu.shares());
        limit(dir, "cpu.cfs_period_us", cpu.period());
        limit(dir, "cpu.cfs_quota_us", cpu.quota());
    }

    private static void cpuset(CgroupDir dir, Cpu cpu) {
        if (!cpu.cpus().orElse("").isEmpty()) {
            dir.write("cpuset.cpus", cpu.cpus().get());
        }
        if (!cpu.mems().orElse("").isEmpty()) {
            dir.write("cpuset.mems", cpu.mems().get());
        }
    }

    private static void pids(CgroupDir dir, Resources resources) {
        OptionalLong limit = resources.pids().limit();
        if (limit.isPresent()) {
            dir.write("pids.max", PidsLimit.word(limit.getAsLong()));
        }
    }

    /** In a user namespace only the owner of the devices cgroup may change it: the host. */
    private static void devices(CgroupDir dir, Resources resources, boolean userNamespace) {
        if (userNamespace) {
            return;
        }
        for (DeviceRule rule : resources.devices()) {
            dir.write(rule.allow() ? "devices.allow" : "devices.deny", line(rule));
        }
        List<String> defaults = new ArrayList<>();
        for (DeviceRule rule : DefaultDeviceRules.ALL) {
            defaults.add(line(rule));
        }
        dir.write("devices.allow", defaults);
    }

    private static String line(DeviceRule rule) {
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
