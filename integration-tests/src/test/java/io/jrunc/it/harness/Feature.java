// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** What a host may lack. Probed once, by looking or by trying. */
public enum Feature {
    ROOT("this needs root", () -> System.getProperty("user.name").equals("root")),
    JRUNC("this is about jrunc alone", Program::isJrunc),
    RUNC(
            "this compares with runc, which is not installed",
            () -> Program.installed("runc").isPresent()),
    CRUN(
            "this compares with crun, which is not installed",
            () -> Program.installed("crun").isPresent()),
    CGROUP_V1(
            "this host has no cgroup v1 hierarchy with the pids controller",
            () -> Files.exists(Path.of("/sys/fs/cgroup/pids/cgroup.procs"))),
    UNIFIED_CGROUP("this host has no cgroup v2 hierarchy", () -> Host.unifiedCgroup().isPresent()),
    HUGETLB_V2(
            "cgroup v2 has no hugetlb controller here",
            () ->
                    Host.unifiedCgroup()
                            .map(v2 -> Result.text(v2.resolve("cgroup.controllers")))
                            .orElse("")
                            .contains("hugetlb")),
    BLOCK_DEVICE("this host has no block device", () -> Host.blockDevice().isPresent()),
    TIME_NAMESPACE(
            "this kernel has no time namespaces",
            () -> Files.exists(Path.of("/proc/self/ns/time"))),
    REAL_TIME(
            "this caller may not use real-time policies",
            () -> succeeds("chrt", "--fifo", "1", "true")),
    REAL_TIME_GROUPS(
            "cgroups have no real-time budget here",
            () -> Files.exists(Path.of("/sys/fs/cgroup/cpu/cpu.rt_runtime_us"))),
    NUMA("this kernel knows no NUMA nodes", () -> Files.exists(Path.of("/proc/self/numa_maps"))),
    TWO_CPUS("this machine has a single CPU", () -> Runtime.getRuntime().availableProcessors() > 1),
    X86("this machine is no x86-64", () -> System.getProperty("os.arch").equals("amd64")),
    VETH(
            "ip of iproute2 is not installed, or this kernel has no veth devices",
            () -> succeeds("unshare", "--net", "ip", "link", "add", "type", "veth")),
    NO_RESCTRL(
            "a resctrl file system is mounted",
            () -> !Files.exists(Path.of("/sys/fs/resctrl/schemata"))),
    AUDIT_SWITCH(
            "this kernel's audit cannot be turned on and off here, or an audit daemon runs",
            () -> {
                int state = AuditLogReader.state();
                return (state == 0 || state == 1) && !Files.exists(Path.of("/run/auditd.pid"));
            }),
    KERNEL_LOG(
            "this kernel has no audit, or an audit daemon takes its records",
            () ->
                    Files.isReadable(Path.of("/dev/kmsg"))
                            && AuditLogReader.state() >= 0
                            && !Files.exists(Path.of("/run/auditd.pid"))),
    KEYS("this kernel shows no keys", () -> Files.exists(Path.of("/proc/keys"))),
    NEXT_PID(
            "this kernel has no way to choose the next pid",
            () -> Files.exists(Path.of("/proc/sys/kernel/ns_last_pid"))),
    TASKSET(
            "taskset of util-linux is not installed",
            () -> Program.installed("taskset").isPresent()),
    WASMEDGE(
            "wasmedge is not installed: scripts/install-dependencies test does it",
            WasmEdge::isThere),
    MAVENS_JAVA(
            "another run does this, with the JDK that Maven runs on",
            () -> {
                String ours = System.getProperty("java.home");
                String mavens = System.getProperty("jrunc.mavens.java", ours);
                return Path.of(mavens).equals(Path.of(ours));
            }),
    MAVEN("mvn is not installed", () -> Program.installed("mvn").isPresent()),
    PERL("perl is not installed", () -> Program.installed("perl").isPresent()),
    BASH("bash is not installed", () -> Program.installed("bash").isPresent()),
    SHELLS(
            "bash, zsh or fish is not installed",
            () ->
                    Program.installed("bash").isPresent()
                            && Program.installed("zsh").isPresent()
                            && Program.installed("fish").isPresent()),
    SCRIPT("script of util-linux is not installed", () -> Program.installed("script").isPresent()),
    SETPRIV(
            "setpriv of util-linux is not installed",
            () -> Program.installed("setpriv").isPresent()),
    UIDMAP(
            "newuidmap and newgidmap of uidmap are not installed",
            () ->
                    Files.exists(Path.of("/etc/subuid"))
                            && Files.exists(Path.of("/etc/subgid"))
                            && Program.installed("newuidmap").isPresent()
                            && Program.installed("newgidmap").isPresent()),
    MAP_AUTO(
            "unshare of util-linux, 2.38 or newer, or newuidmap of uidmap is not installed",
            () -> UIDMAP.isThere() && helpOf("unshare").contains("--map-auto")),
    NO_LABELS(
            "SELinux or AppArmor is enabled here",
            () ->
                    !Files.exists(Path.of("/sys/fs/selinux/enforce"))
                            && !Files.exists(Path.of("/sys/module/apparmor"))),
    NGINX("nginx is not installed", () -> Files.exists(Path.of("/usr/sbin/nginx"))),
    PODMAN("podman is not installed", () -> Program.installed("podman").isPresent()),
    CONTAINERD(
            "containerd and ctr are not installed",
            () ->
                    Program.installed("containerd").isPresent()
                            && Program.installed("ctr").isPresent()),
    CRI(
            "no containerd with network plugins: scripts/install-dependencies test unpacks it",
            Containerd::isThere),
    DOCKER(
            "dockerd and docker are not installed",
            () ->
                    Program.installed("dockerd").isPresent()
                            && Program.installed("docker").isPresent()),
    CRIU("no criu is installed that can dump processes of this kernel", Criu::isThere),
    FLOCK("flock of util-linux is not installed", () -> Program.installed("flock").isPresent()),
    LIMITED_ROOT(
            "root may raise limits here, for it has CAP_SYS_RESOURCE",
            () -> !hasCapability(24 /* CAP_SYS_RESOURCE */)),
    NO_SYSTEMD("systemd runs here", () -> !Files.exists(Path.of("/run/systemd/system")));

    private final String reason;
    private final boolean there;

    Feature(String reason, BooleanSupplier probe) {
        this.reason = reason;
        this.there = probe.getAsBoolean();
    }

    private static boolean hasCapability(int number) {
        String effective = Host.field(ProcessHandle.current().pid(), "status", "CapEff");
        return (Long.parseLong(effective, 16) >> number & 1) == 1;
    }

    private static String helpOf(String program) {
        try {
            Process help = new ProcessBuilder(program, "--help").redirectErrorStream(true).start();
            return new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // not installed
        }
    }

    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // not installed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public boolean isThere() {
        return there;
    }

    /** Why a test that needs it is skipped. */
    public String reason() {
        return reason;
    }
}
