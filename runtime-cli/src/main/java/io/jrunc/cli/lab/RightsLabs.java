// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.lab;

import java.util.Locale;
import java.util.Set;

/** Experiments with rights: what a container's root may do. */
final class RightsLabs {
    private static final int KILLED_BY_SIGSYS = 159;

    private static final String MOUNTER =
            "{\"bounding\": [\"CAP_SYS_ADMIN\"], \"effective\": [\"CAP_SYS_ADMIN\"],"
                    + " \"permitted\": [\"CAP_SYS_ADMIN\"]}";

    static final Lab CAPABILITY =
            new Lab(
                    "capability",
                    "User 0 alone is not enough: what root may do is divided into capabilities",
                    RightsLabs::capability);

    static final Lab DEVICES =
            new Lab(
                    "devices",
                    "A container may make a node for any device, but open only what its cgroup"
                            + " allows",
                    RightsLabs::devices);

    static final Lab SECCOMP =
            new Lab(
                    "seccomp",
                    "A filter of system calls counts even for a process with all capabilities",
                    RightsLabs::seccomp);

    static final Lab APPARMOR =
            new Lab(
                    "apparmor",
                    "Root with the capability to mount is denied what its AppArmor profile denies",
                    Set.of(Need.APPARMOR),
                    RightsLabs::apparmor);

    static final Lab SELINUX =
            new Lab(
                    "selinux",
                    "A label keeps root of a container from files that permissions would give it",
                    Set.of(Need.SELINUX),
                    RightsLabs::selinux);

    private RightsLabs() {}

    private static void capability(Bench bench) {
        bench.program("hostname", "changed");
        Bench.Outcome refused = bench.run("jrunc run lab-capability");
        bench.expect(
                refused.says("Operation not permitted"), "root must not change its own hostname");
        bench.set("process.capabilities", MOUNTER);
        bench.program("sh", "-c", "hostname changed; hostname");
        bench.expect(
                bench.run("jrunc run lab-capability").output().equals("changed\n"),
                "with CAP_SYS_ADMIN it may, in its own namespace");
        bench.expect(
                !bench.run("cat /proc/sys/kernel/hostname").says("changed"),
                "the host keeps its name");
    }

    private static void devices(Bench bench) {
        bench.set("root.readonly", "false");
        bench.set(
                "process.capabilities",
                "{\"bounding\": [\"CAP_MKNOD\"], \"effective\": [\"CAP_MKNOD\"], \"permitted\":"
                        + " [\"CAP_MKNOD\"]}");
        bench.explain("1:2 is /dev/mem, the machine's memory.");
        bench.program(
                "sh", "-c", "mknod /tmp/memory c 1 2; ls -l /tmp/memory; head -c 1 /tmp/memory");
        Bench.Outcome refused = bench.run("jrunc run lab-devices");
        bench.expect(refused.says("crw"), "the node is made");
        bench.expect(refused.says("Operation not permitted"), "it cannot be opened");
        bench.explain(
                "jrunc always allows /dev/null, zero, full, random, urandom, tty and terminals; all"
                        + " others only if linux.resources.devices does.");
        bench.program("sh", "-c", "echo gone >/dev/null && echo written");
        bench.expect(bench.run("jrunc run lab-devices").says("written"), "/dev/null can be used");
    }

    private static void seccomp(Bench bench) {
        bench.set("process.capabilities", MOUNTER);
        bench.program("hostname", "changed");
        bench.set(
                "linux.seccomp",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\":"
                        + " [\"sethostname\"], \"action\": \"SCMP_ACT_KILL_PROCESS\"}]}");
        Bench.Outcome killed = bench.run("jrunc run lab-seccomp");
        bench.expect(
                killed.status() == KILLED_BY_SIGSYS,
                "the filter kills it for the call: 159 is 128 and SIGSYS");
        bench.set(
                "linux.seccomp",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\":"
                        + " [\"sethostname\"], \"action\": \"SCMP_ACT_ERRNO\"}]}");
        Bench.Outcome failed = bench.run("jrunc run lab-seccomp");
        bench.expect(failed.says("Operation not permitted"), "or the call fails");
        Bench.Outcome rule = bench.run("jrunc seccomp check sethostname");
        bench.expect(rule.says("sethostname"), "jrunc says which rule decides");
    }

    private static void apparmor(Bench bench) {
        bench.set("process.capabilities", MOUNTER);
        bench.program("mount", "-t", "tmpfs", "none", "/dev/shm");
        bench.expect(bench.run("jrunc run lab-apparmor").status() == 0, "it may mount");
        String profile = System.getProperty("jrunc.home", "/usr/") + "share/apparmor/jrunc-default";
        bench.run("apparmor_parser --replace " + profile);
        bench.set("process.apparmorProfile", "\"jrunc-default\"");
        Bench.Outcome denied = bench.run("jrunc run lab-apparmor");
        bench.expect(
                denied.status() != 0 && denied.output().toLowerCase(Locale.ROOT).contains("denied"),
                "now it must not, with the same capability");
    }

    private static void selinux(Bench bench) {
        bench.run("rm config.json; jrunc spec --selinux; grep -i label config.json");
        bench.prepare("process.terminal", "false");
        bench.program("cat", "/proc/self/attr/current", "/host/etc/shadow");
        bench.set(
                "mounts",
                "[{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"},"
                        + " {\"destination\": \"/host\", \"type\": \"bind\", \"source\": \"/\","
                        + " \"options\": [\"rbind\", \"ro\"]}]");
        Bench.Outcome refused = bench.run("jrunc run lab-selinux");
        bench.expect(
                refused.status() != 0 && !refused.says("root:"),
                "it cannot execute its own program: the file does not have its label");
        bench.run("chcon -R $(grep -o 'system_u:object_r:[^\"]*' config.json) rootfs");
        // A pipe: the container must not write to this program's file, either.
        Bench.Outcome confined = bench.run("jrunc run lab-selinux 2>&1 | cat");
        bench.expect(confined.says(":container_t:"), "now it can, with a label of its own");
        bench.expect(
                confined.says("Permission denied") && !confined.says("root:"),
                "root cannot read the host's passwords, although the permissions would let it");
    }
}
