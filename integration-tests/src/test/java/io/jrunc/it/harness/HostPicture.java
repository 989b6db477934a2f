// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a runtime that goes wrong might damage: mounts, devices, names, sysctls, network interfaces,
 * and the limits of the cgroups that containers are made in. What others add meanwhile is theirs.
 */
public final class HostPicture {
    private static final List<String> DEVICES =
            List.of("null", "zero", "full", "random", "urandom", "tty", "console", "ptmx");
    private static final List<String> SYSCTLS =
            List.of(
                    "kernel/hostname",
                    "kernel/domainname",
                    "kernel/msgmax",
                    "kernel/shmmax",
                    "kernel/core_pattern",
                    "net/ipv4/ip_forward",
                    "net/ipv4/ip_unprivileged_port_start");

    private final Map<String, String> facts;

    private HostPicture(Map<String, String> facts) {
        this.facts = facts;
    }

    public static HostPicture take() {
        return new HostPicture(look());
    }

    /** What is not as it was. */
    public List<String> damage() {
        Map<String, String> now = look();
        List<String> damage = new ArrayList<>();
        facts.forEach(
                (what, was) -> {
                    if (!was.equals(now.get(what))) {
                        damage.add(what + " was " + was + " and is " + now.get(what));
                    }
                });
        return damage;
    }

    private static Map<String, String> look() {
        Map<String, String> facts = new TreeMap<>();
        for (String mount : lines(Path.of("/proc/self/mountinfo"))) {
            String[] fields = mount.split(" ", -1);
            boolean tests = fields[4].startsWith(System.getProperty("java.io.tmpdir"));
            if (!tests) {
                facts.put("mount " + fields[0] + " at " + fields[4], mount);
            }
        }
        for (String device : DEVICES) {
            Path file = Path.of("/dev", device);
            if (Files.exists(file)) {
                facts.put(file.toString(), attributes(file));
            }
        }
        for (String sysctl : SYSCTLS) {
            Path file = Path.of("/proc/sys", sysctl);
            if (Files.exists(file)) {
                facts.put(file.toString(), String.join("\n", lines(file)));
            }
        }
        for (String line : lines(Path.of("/proc/net/dev"))) {
            String name = line.substring(0, Math.max(0, line.indexOf(':'))).strip();
            facts.put("network interface " + name, "there");
        }
        lookAtLimits(facts);
        return facts;
    }

    /** The limits in the directories right above those of the containers. */
    private static void lookAtLimits(Map<String, String> facts) {
        for (String hierarchy : new String[] {"", "unified", "memory", "pids", "cpu", "cpuset"}) {
            for (String file :
                    new String[] {
                        "cgroup.subtree_control",
                        "cgroup.clone_children",
                        "memory.limit_in_bytes",
                        "memory.use_hierarchy",
                        "cpu.shares",
                        "cpu.cfs_quota_us",
                        "cpuset.cpus",
                        "cpuset.mems",
                        "pids.max"
                    }) {
                Path path = Path.of("/sys/fs/cgroup", hierarchy, file);
                if (Files.exists(path)) {
                    facts.put(path.toString(), String.join("\n", lines(path)));
                }
            }
        }
    }

    private static String attributes(Path file) {
        try {
            Map<String, Object> all =
                    new TreeMap<>(
                            Files.readAttributes(
                                    file, "unix:mode,uid,gid,rdev", LinkOption.NOFOLLOW_LINKS));
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
