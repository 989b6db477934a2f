// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.template;

import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Memory;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.NetworkClass;
import io.jrunc.spec.Pids;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Rlimit;
import io.jrunc.spec.RlimitType;
import io.jrunc.spec.Root;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The document that {@code spec} writes for a user to edit. */
public final class DefaultSpec {
    private static final List<String> CAPABILITIES =
            List.of("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE");

    private static final int OPEN_FILES = 1024;

    /** What the kernel shows of itself and not of the container. */
    public static final List<String> MASKED =
            List.of(
                    "/proc/acpi",
                    "/proc/asound",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/sys/firmware",
                    "/proc/scsi");

    /** Files that control the kernel. */
    public static final List<String> READONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private DefaultSpec() {}

    /**
     * Returns a shell on a terminal, with few privileges.
     *
     * @param rootless whether the container is for a user without privileges: a new user namespace
     *     that maps root to {@code euid}, the network and the cgroups of the runtime
     */
    public static Spec create(boolean rootless, int euid, int egid, boolean cgroupV2) {
        return new Spec(
                Spec.VERSION,
                Optional.of(new Root("rootfs", true)),
                Optional.of(process()),
                Optional.of("jrunc"),
                Optional.empty(),
                mounts(rootless),
                Hooks.NONE,
                Map.of(),
                linux(rootless, euid, egid, cgroupV2),
                List.of());
    }

    private static ProcessSpec process() {
        return new ProcessSpec.Builder()
                .terminal(true)
                .args(List.of("sh"))
                .env(
                        List.of(
                                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                "TERM=xterm"))
                .cwd("/")
                .capabilities(
                        Optional.of(
                                new Capabilities(
                                        Optional.of(CAPABILITIES),
                                        Optional.of(CAPABILITIES),
                                        Optional.empty(),
                                        Optional.of(CAPABILITIES),
                                        Optional.empty())))
                .rlimits(List.of(new Rlimit(RlimitType.NOFILE, OPEN_FILES, OPEN_FILES)))
                .noNewPrivileges(true)
                .build();
    }

    private static List<Mount> mounts(boolean rootless) {
        List<Mount> mounts = new ArrayList<>();
        mounts.add(mount("/proc", "proc", "proc"));
        mounts.add(
                mount(
                        "/dev",
                        "tmpfs",
                        "tmpfs",
                        "nosuid",
                        "strictatime",
                        "mode=755",
                        "size=65536k"));
        mounts.add(rootless ? pts() : pts("gid=5"));
        mounts.add(
                mount(
                        "/dev/shm",
                        "tmpfs",
                        "shm",
                        "nosuid",
                        "noexec",
                        "nodev",
                        "mode=1777",
                        "size=65536k"));
        mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
        // Only the owner of the network namespace may mount sysfs.
        mounts.add(
                rootless
                        ? mount("/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro")
                        : mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
        mounts.add(
                mount(
                        "/sys/fs/cgroup",
                        "cgroup",
                        "cgroup",
                        "nosuid",
                        "noexec",
                        "nodev",
                        "relatime",
                        "ro"));
        return mounts;
    }

    private static Mount pts(String... more) {
        List<String> options =
                new ArrayList<>(
                        List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"));
        options.addAll(List.of(more));
        return mount("/dev/pts", "devpts", "devpts", options.toArray(new String[0]));
    }

    private static Mount mount(String destination, String type, String source, String... options) {
        return new Mount(
                destination,
                Optional.of(type),
                Optional.of(source),
                List.of(options),
                List.of(),
                List.of());
    }

    private static Linux linux(boolean rootless, int euid, int egid, boolean cgroupV2) {
        return new Linux.Builder()
                .uidMappings(rootless ? List.of(rootIs(euid)) : List.of())
                .gidMappings(rootless ? List.of(rootIs(egid)) : List.of())
                .resources(rootless ? Resources.NONE : noDevices())
                .namespaces(namespaces(rootless, cgroupV2))
                .maskedPaths(MASKED)
                .readonlyPaths(READONLY)
                .build();
    }

    private static IdMapping rootIs(int hostId) {
        return new IdMapping(0, Integer.toUnsignedLong(hostId), 1);
    }

    /** Denies all devices; the runtime adds those that every container may use. */
    private static Resources noDevices() {
        DeviceRule deny =
                new DeviceRule(
                        false,
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Optional.of("rwm"));
        return new Resources(
                List.of(deny),
                Memory.NONE,
                Cpu.NONE,
                Pids.NONE,
                BlockIo.NONE,
                List.of(),
                NetworkClass.NONE,
                Map.of(),
                Map.of());
    }

    private static List<Namespace> namespaces(boolean rootless, boolean cgroupV2) {
        List<Namespace> namespaces = new ArrayList<>();
        namespaces.add(created(NamespaceType.PID));
        if (!rootless) {
            namespaces.add(created(NamespaceType.NETWORK));
        }
        namespaces.add(created(NamespaceType.IPC));
        namespaces.add(created(NamespaceType.UTS));
        namespaces.add(created(NamespaceType.MOUNT));
        if (cgroupV2) {
            namespaces.add(created(NamespaceType.CGROUP));
        }
        if (rootless) {
            namespaces.add(created(NamespaceType.USER));
        }
        return namespaces;
    }

    private static Namespace created(NamespaceType type) {
        return new Namespace(type, Optional.empty());
    }
}
