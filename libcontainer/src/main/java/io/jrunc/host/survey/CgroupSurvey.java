// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host.survey;

import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cgroup.Hierarchy;
import io.jrunc.cgroup.SettableControllers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The cgroup hierarchies, and which limits a container of the caller can have. cgroups(7). */
record CgroupSurvey(HostSurvey host) {
    /** Controllers by their v1 names, and the limits that need each. */
    private static final Map<String, String> LIMITS = limits();

    private static Map<String, String> limits() {
        Map<String, String> limits = new LinkedHashMap<>();
        limits.put("cpu", "cpu.shares, cpu.quota, cpu.idle");
        limits.put("cpuset", "cpu.cpus, cpu.mems");
        limits.put("memory", "memory");
        limits.put("pids", "pids");
        limits.put("blkio", "blockIO");
        limits.put("hugetlb", "hugepageLimits");
        limits.put("rdma", "rdma");
        return limits;
    }

    List<Fact> facts() {
        Facts facts = new Facts("cgroup");
        Hierarchies hierarchies = host.hierarchies();
        facts.text("layout", layout());
        List<String> mounted = new ArrayList<>();
        for (Hierarchy one : hierarchies.all()) {
            mounted.add(one.mountPoint());
        }
        facts.words("mounted", mounted);
        if (mounted.isEmpty()) {
            facts.missing(
                    "cgroup file system",
                    "containers are made only with --cgroup-manager disabled, without limits",
                    "mount cgroup2 at /sys/fs/cgroup");
            return facts.all();
        }
        addControllers(facts);
        addExtras(facts);
        return facts.all();
    }

    private String layout() {
        Hierarchies hierarchies = host.hierarchies();
        if (hierarchies.all().isEmpty()) {
            return "none";
        }
        if (hierarchies.isPureV2()) {
            return "v2";
        }
        return hierarchies.unified().isPresent() ? "hybrid" : "v1";
    }

    private void addControllers(Facts facts) {
        Set<String> present = present();
        facts.words("controllers", List.copyOf(present));
        Set<String> settable = settable();
        facts.words("settable", List.copyOf(settable));
        for (Map.Entry<String, String> limit : LIMITS.entrySet()) {
            String name = name(limit.getKey());
            String refused = "limits of linux.resources are refused: " + limit.getValue();
            if (!present.contains(name)) {
                facts.missing(name, refused, "");
            } else if (!settable.contains(name)) {
                facts.missing(
                        name + " for this user",
                        refused,
                        "have root delegate the controller, or run as root");
            }
        }
    }

    /** Returns the controllers of all hierarchies, by the names that they have here. */
    private Set<String> present() {
        Set<String> present = new TreeSet<>();
        for (Hierarchy hierarchy : host.hierarchies().all()) {
            if (hierarchy.isUnified()) {
                present.addAll(host.words(hierarchy.mountPoint() + "/cgroup.controllers"));
            } else {
                present.addAll(hierarchy.controllers());
            }
        }
        present.removeIf(name -> name.startsWith("name="));
        return present;
    }

    private Set<String> settable() {
        List<String> wanted = new ArrayList<>();
        for (String controller : LIMITS.keySet()) {
            wanted.add(name(controller));
        }
        Set<String> settable = new TreeSet<>(SettableControllers.among(wanted, host.hierarchies()));
        settable.addAll(enabledByRoot());
        settable.retainAll(wanted);
        return settable;
    }

    /** Returns the v2 controllers, which root of the host enables from the topmost cgroup down. */
    private List<String> enabledByRoot() {
        HostSurvey.Caller caller = host.caller();
        Optional<Hierarchy> unified = host.hierarchies().unified();
        if (caller.uid() != 0 || caller.inUserNamespace() || unified.isEmpty()) {
            return List.of();
        }
        String top = unified.get().mountPoint();
        return host.isWritable(top) ? host.words(top + "/cgroup.controllers") : List.of();
    }

    /** Returns what a controller is called here: v2 has a new name for one. */
    private String name(String controller) {
        boolean unified = host.hierarchies().of(controller).isEmpty();
        return unified && controller.equals("blkio") ? "io" : controller;
    }

    private void addExtras(Facts facts) {
        boolean swap = countsSwap();
        facts.flag("swap_limit", swap);
        if (!swap) {
            facts.missing(
                    "swap limit",
                    "linux.resources.memory.swap is refused, and a container at its memory limit"
                            + " is swapped out instead of killed, where there is swap",
                    "boot with swapaccount=1");
        }
        boolean pressure = host.exists("/proc/pressure/memory");
        facts.flag("pressure", pressure);
        if (!pressure) {
            facts.missing(
                    "pressure", "events and top show no pressure", "boot with psi=1, Linux 4.20");
        }
        boolean resctrl = host.text("/proc/filesystems").contains("\tresctrl\n");
        facts.flag("resctrl", resctrl);
        if (!resctrl) {
            facts.missing("resctrl", "linux.intelRdt is refused", "");
        }
    }

    private boolean countsSwap() {
        Optional<Hierarchy> v1 = host.hierarchies().of("memory");
        if (v1.isPresent()) {
            return host.exists(v1.get().mountPoint() + "/memory.memsw.limit_in_bytes");
        }
        Optional<Hierarchy> v2 = host.hierarchies().unified();
        if (v2.isPresent() && !v2.get().ownPath().equals("/")) {
            return host.exists(v2.get().mountPoint() + v2.get().ownPath() + "/memory.swap.max");
        }
        return host.exists("/proc/swaps"); // the root cgroup has no limits
    }
}
