// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import static io.jrunc.cgroup.systemd.UnitProperty.flag;
import static io.jrunc.cgroup.systemd.UnitProperty.number;

import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.spec.NumberList;
import io.jrunc.spec.Resources;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What is asked of systemd for a container. Touches nothing. */
final class UnitProperties {
    /** A percent of a second: systemd keeps quotas as percentages. */
    private static final long QUOTA_STEP_MICROS = 10_000;

    private static final long SECOND_MICROS = 1_000_000;
    static final long DEFAULT_PERIOD_MICROS = 100_000;
    private static final int PERIOD_SINCE = 242;
    private static final int CPU_SET_SINCE = 244;
    private static final int OOM_POLICY_SINCE = 253;
    private static final int LAST_CPU = 8191;
    private static final int LAST_NODE = 1023;

    private UnitProperties() {}

    /**
     * Returns the properties of a new unit.
     *
     * @param pid of its first process; a slice gets none
     * @param version of systemd
     * @param v2 whether there is nothing but cgroup v2
     */
    static List<UnitProperty> create(
            SystemdUnit unit,
            int pid,
            Map<String, String> annotations,
            Resources resources,
            int version,
            boolean v2) {
        List<UnitProperty> all = new ArrayList<>();
        all.add(UnitProperty.text("Description", "jrunc container " + unit.name()));
        all.add(flag("DefaultDependencies", false));
        if (unit.isSlice()) {
            all.add(UnitProperty.texts("Wants", unit.slice()));
        } else {
            all.add(UnitProperty.text("Slice", unit.slice()));
            all.add(flag("Delegate", true));
            all.add(new UnitProperty("PIDs", "au", List.of((long) pid)));
            // A scope whose last process was killed must disappear like any other: no process may
            // be
            // left that could reset it.
            all.add(UnitProperty.text("CollectMode", "inactive-or-failed"));
        }
        all.add(flag("MemoryAccounting", true));
        all.add(flag("CPUAccounting", true));
        all.add(flag(v2 ? "IOAccounting" : "BlockIOAccounting", true));
        all.add(flag("TasksAccounting", true));
        all.addAll(limits(resources, version, v2, true));
        if (!unit.isSlice() && version >= OOM_POLICY_SINCE) {
            oomPolicy(all, resources.unified().getOrDefault("memory.oom.group", ""));
        }
        // Last: explicit properties override limits.
        all.addAll(AnnotatedProperties.of(annotations));
        return all;
    }

    /**
     * Returns the properties that limit a unit.
     *
     * @param devices whether its rules about devices are new; else systemd leaves those files alone
     */
    static List<UnitProperty> limits(
            Resources resources, int version, boolean v2, boolean devices) {
        List<UnitProperty> limits = new ArrayList<>();
        OptionalLong tasks = resources.pids().limit();
        if (tasks.isPresent()) {
            limits.add(tasks(tasks.getAsLong()));
        }
        limits.addAll(
                v2 ? V2Properties.of(resources, version) : V1Properties.of(resources, version));
        if (devices && !v2) {
            V1Properties.devices(limits, resources.devices());
        }
        return eachOnce(limits);
    }

    /** As with files, the last one counts: what is named by file comes after what it is called. */
    private static List<UnitProperty> eachOnce(List<UnitProperty> all) {
        Map<String, UnitProperty> last = new LinkedHashMap<>();
        List<UnitProperty> lists = new ArrayList<>();
        for (UnitProperty property : all) {
            if (property.signature().startsWith("a(")) {
                lists.add(property); // entries add up
            } else {
                last.put(property.name(), property);
            }
        }
        List<UnitProperty> once = new ArrayList<>(last.values());
        once.addAll(lists);
        return once;
    }

    /** It cannot be changed later. Without it, systemd would write its own to memory.oom.group. */
    private static void oomPolicy(List<UnitProperty> all, String group) {
        if (!group.isBlank()) {
            String policy = group.strip().equals("1") ? "kill" : "continue";
            all.add(UnitProperty.text("OOMPolicy", policy));
        }
    }

    /** Returns how many tasks there may be; 0 would keep out even the first. */
    static UnitProperty tasks(long limit) {
        return number("TasksMax", limit == -1 ? UnitProperty.INFINITY : Math.max(limit, 1));
    }

    /** Zero is how engines write "not set". */
    static void limit(List<UnitProperty> all, String name, OptionalLong value) {
        if (value.orElse(0) != 0) {
            all.add(number(name, value.getAsLong())); // -1 is infinity as it is
        }
    }

    /** The share of time: per second of the clock, rounded up so that children may have it all. */
    static void quota(List<UnitProperty> all, long quota, long period, int version) {
        if (period != 0 && version >= PERIOD_SINCE) {
            all.add(number("CPUQuotaPeriodUSec", period));
        }
        if (quota == 0 && period == 0) {
            return;
        }
        long perSecond = UnitProperty.INFINITY;
        if (quota > 0) {
            perSecond =
                    Math.multiplyExact(quota, SECOND_MICROS)
                            / (period == 0 ? DEFAULT_PERIOD_MICROS : period);
            perSecond = (perSecond + QUOTA_STEP_MICROS - 1) / QUOTA_STEP_MICROS * QUOTA_STEP_MICROS;
        }
        all.add(number("CPUQuotaPerSecUSec", perSecond));
    }

    /** The processors and memory nodes; those of cgroup v1 only systemd's own records show. */
    static void cpuSet(List<UnitProperty> all, String cpus, String mems, int version) {
        set(all, "AllowedCPUs", cpus, LAST_CPU, version);
        set(all, "AllowedMemoryNodes", mems, LAST_NODE, version);
    }

    private static void set(
            List<UnitProperty> all, String name, String list, int last, int version) {
        if (!list.isEmpty() && version >= CPU_SET_SINCE) {
            String field = "linux.resources.cpu." + (last == LAST_CPU ? "cpus" : "mems");
            all.add(bits(name, NumberList.parse(field, list.strip(), last)));
        }
    }

    /** Returns a set of numbers as systemd wants it: bytes, bit 0 of the first being number 0. */
    private static UnitProperty bits(String name, BitSet numbers) {
        List<Long> bytes = new ArrayList<>();
        for (byte b : numbers.toByteArray()) {
            bytes.add((long) (b & 0xff));
        }
        return new UnitProperty(name, "ay", bytes);
    }
}
