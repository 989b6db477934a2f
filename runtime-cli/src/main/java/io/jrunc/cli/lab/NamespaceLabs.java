// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.lab;

import java.util.List;

/** Experiments with namespaces: what a container sees of the machine. */
final class NamespaceLabs {
    private static final int FOUND_NO_MORE = 1;

    static final Lab PID =
            new Lab(
                    "pid",
                    "A process has a pid inside and another outside, and none inside can kill"
                            + " process 1",
                    NamespaceLabs::pid);

    static final Lab HOSTNAME =
            new Lab(
                    "hostname",
                    "With a UTS namespace a container has a name of its own, without one it shares"
                            + " the host's",
                    NamespaceLabs::hostname);

    static final Lab NETWORK =
            new Lab(
                    "network",
                    "A new network namespace has nothing but a loopback interface: what a container"
                            + " reaches, others must give it",
                    NamespaceLabs::network);

    static final Lab MOUNTS =
            new Lab(
                    "mounts",
                    "The root file system is read-only, and files of /proc that tell too much are"
                            + " masked",
                    NamespaceLabs::mounts);

    static final Lab USER =
            new Lab(
                    "userns",
                    "Root of a user namespace is an ordinary user of the host",
                    NamespaceLabs::user);

    private NamespaceLabs() {}

    private static void pid(Bench bench) {
        bench.program("sleep", "1000");
        bench.run("jrunc run --detach lab-pid");
        Bench.Outcome inside = bench.run("jrunc exec lab-pid ps -o pid,args");
        bench.expect(
                inside.output().matches("(?s).*\\n +1 sleep 1000\\n.*"),
                "inside, the program is process 1, and sees no process of the host");
        Bench.Outcome outside = bench.run("jrunc state --format '{{.PID}}' lab-pid");
        bench.expect(!outside.output().strip().equals("1"), "the host has another number for it");
        bench.explain(
                "Process 1 only gets signals for which it has a handler, unless they come from"
                        + " outside of its namespace; not even SIGKILL.");
        bench.run("jrunc exec lab-pid kill -9 1");
        Bench.Outcome alive = bench.run("jrunc state --format '{{.Status}}' lab-pid");
        bench.expect(alive.says("running"), "it goes on");
        bench.run("jrunc kill lab-pid KILL; sleep 1");
        Bench.Outcome dead = bench.run("jrunc state --format '{{.Status}}' lab-pid");
        bench.expect(dead.says("stopped"), "from outside, kill works");
    }

    private static void hostname(Bench bench) {
        bench.set("hostname", "\"box\"");
        bench.program("hostname");
        bench.expect(
                bench.run("jrunc run lab-hostname").output().equals("box\n"),
                "the name is that of config.json");
        bench.explain(
                "Without the namespace, jrunc refuses to set a name: it would be the host's.");
        bench.set("linux.namespaces", "[{\"type\": \"pid\"}, {\"type\": \"mount\"}]");
        Bench.Outcome refused = bench.run("jrunc run lab-hostname");
        bench.expect(refused.status() == 1 && refused.says("hostname"), "that is an error");
        bench.remove("hostname");
        Bench.Outcome shared = bench.run("jrunc run lab-hostname");
        bench.expect(
                shared.output().equals(bench.run("cat /proc/sys/kernel/hostname").output()),
                "it shows the host's name");
    }

    private static void network(Bench bench) {
        bench.program("cat", "/proc/net/dev");
        Bench.Outcome own = bench.run("jrunc run lab-network");
        List<String> interfaces = interfaces(own);
        bench.expect(interfaces.equals(List.of("lo")), "there is only lo");
        bench.program("nc", "-w", "2", "192.0.2.1", "80");
        Bench.Outcome unreachable = bench.run("jrunc run lab-network");
        bench.expect(
                unreachable.says("unreachable"), "no address of another machine can be reached");
        bench.explain(
                "Engines move one end of a pair of interfaces into the namespace, or name one that"
                        + " they have made: linux.namespaces with a path. Without the namespace, a"
                        + " container has the host's network.");
        bench.program("cat", "/proc/net/dev");
        bench.set(
                "linux.namespaces",
                "[{\"type\": \"pid\"}, {\"type\": \"mount\"}, {\"type\": \"ipc\"}, {\"type\":"
                        + " \"uts\"}]");
        Bench.Outcome shared = bench.run("jrunc run lab-network");
        bench.expect(
                interfaces(shared).equals(interfaces(bench.run("cat /proc/net/dev"))),
                "these are the host's");
    }

    private static List<String> interfaces(Bench.Outcome devices) {
        return devices.output()
                .lines()
                .filter(line -> line.contains(":"))
                .map(line -> line.substring(0, line.indexOf(':')).strip())
                .toList();
    }

    private static void mounts(Bench bench) {
        bench.program("touch", "/etc/changed");
        Bench.Outcome refused = bench.run("jrunc run lab-mounts");
        bench.expect(
                refused.status() == FOUND_NO_MORE && refused.says("Read-only file system"),
                "root of the container cannot change its root file system");
        bench.set("root.readonly", "false");
        bench.run("jrunc run lab-mounts");
        bench.expect(bench.run("ls rootfs/etc").says("changed"), "now it can");
        bench.explain(
                "/proc/timer_list has addresses of the kernel, /proc/sys/kernel decides about all"
                        + " of the machine. linux.maskedPaths and linux.readonlyPaths cover both.");
        bench.program(
                "sh", "-c", "cat /proc/timer_list | head -1; echo x >/proc/sys/kernel/domainname");
        Bench.Outcome masked = bench.run("jrunc run lab-mounts");
        bench.expect(
                !masked.says("Timer List") && masked.says("Read-only file system"),
                "the one is empty, the other read-only");
        bench.set("linux.maskedPaths", "[]");
        bench.program("head", "-n", "1", "/proc/timer_list");
        bench.expect(
                bench.run("jrunc run lab-mounts").says("Timer List"),
                "without the mask it is seen");
    }

    private static void user(Bench bench) {
        bench.set(
                "linux.namespaces",
                "[{\"type\": \"user\"}, {\"type\": \"pid\"}, {\"type\": \"mount\"}, {\"type\":"
                        + " \"network\"}]");
        String mapping = "[{\"containerID\": 0, \"hostID\": 3000000, \"size\": 65536}]";
        bench.remove("hostname");
        bench.set("linux.uidMappings", mapping);
        bench.set("linux.gidMappings", mapping);
        bench.prepare(
                "mounts",
                "[{\"destination\": \"/proc\", \"type\": \"proc\", \"source\":" + " \"proc\"}]");
        bench.program("sleep", "1000");
        bench.run("chown -R 3000000:3000000 rootfs");
        bench.run("jrunc run --detach lab-userns");
        bench.expect(
                bench.run("jrunc exec lab-userns id -u").output().equals("0\n"),
                "inside, it is root");
        Bench.Outcome outside =
                bench.run("grep ^Uid /proc/$(jrunc state --format '{{.PID}}' lab-userns)/status");
        bench.expect(outside.says("3000000"), "outside, it is user 3000000, which owns nothing");
        bench.explain(
                "A file of the host's root has no owner inside, and permissions count as"
                        + " for any user.");
        bench.run("echo secret >rootfs/etc/secret; chmod 600 rootfs/etc/secret");
        Bench.Outcome denied = bench.run("jrunc exec lab-userns cat /etc/secret");
        bench.expect(denied.says("Permission denied"), "root of the container cannot read it");
        bench.expect(
                bench.run("jrunc exec lab-userns ls -ln /etc/secret").says("65534"),
                "its owner is shown as 65534, which stands for ids outside of the mapping");
    }
}
