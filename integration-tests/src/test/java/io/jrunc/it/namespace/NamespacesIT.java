// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.namespace;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.TIME_NAMESPACE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Source: runtime-spec config-linux.md#namespaces. */
@Requires(ROOT)
class NamespacesIT {
    @ParameterizedTest
    @CsvSource({
        "pid, pid",
        "network, net",
        "mount, mnt",
        "ipc, ipc",
        "uts, uts",
        "user, user",
        "cgroup, cgroup"
    })
    @Shows({
        "linux.namespaces.type=pid",
        "linux.namespaces.type=network",
        "linux.namespaces.type=mount",
        "linux.namespaces.type=ipc",
        "linux.namespaces.type=uts",
        "linux.namespaces.type=user",
        "linux.namespaces.type=cgroup"
    })
    void newNamespaceIsNotTheHosts(String type, String file) {
        var bundle = Bundle.busybox();
        if (type.equals("user")) {
            bundle.userNamespace(0, 65536);
        } else {
            bundle.namespace(type);
        }

        Result inside = bundle.run("readlink", "/proc/self/ns/" + file);

        assertTrue(inside.output().startsWith(file + ":["), inside::describe);
        assertNotEquals(hosts(file), inside.output());
    }

    @Test
    @Requires({TIME_NAMESPACE, JRUNC})
    @Shows("linux.namespaces.type=time")
    void newTimeNamespaceIsNotTheHosts() {
        Result inside = Bundle.busybox().namespace("time").run("readlink", "/proc/self/ns/time");

        assertNotEquals(hosts("time"), inside.output());
    }

    @Test
    void namespaceThatIsNotNamedStaysTheCallers() {
        var bundle = Bundle.busybox().remove("/hostname");
        for (String type : List.of("pid", "network", "ipc", "uts", "cgroup")) {
            bundle.withoutNamespace(type);
        }

        Result inside =
                bundle.sh(
                        "for n in pid net ipc uts cgroup user; do readlink /proc/self/ns/$n; done");

        List<String> expected =
                List.of("pid", "net", "ipc", "uts", "cgroup", "user").stream()
                        .map(NamespacesIT::hosts)
                        .toList();
        assertEquals(expected, inside.lines());
    }

    @ParameterizedTest
    @CsvSource({"pid, pid", "network, net", "ipc, ipc", "uts, uts", "cgroup, cgroup"})
    @Shows("linux.namespaces.path")
    void namespaceOfAnotherContainerIsJoinedByItsPath(String type, String file) {
        Container first = Bundle.busybox().namespace(type).start("sleep", "60");
        String path = "/proc/" + first.pid() + "/ns/" + file;
        var bundle = Bundle.busybox();
        if (type.equals("uts")) {
            bundle.remove("/hostname");
        }

        Result second = bundle.namespace(type, path).run("readlink", "/proc/self/ns/" + file);

        assertEquals(link(Path.of(path)), second.output());
    }

    @Test
    @Shows("linux.namespaces.path")
    void joinedPidNamespaceShowsTheOtherContainersProcesses() {
        Container first = Bundle.busybox().start("sleep", "1234");
        var bundle = Bundle.busybox().namespace("pid", "/proc/" + first.pid() + "/ns/pid");

        Result ps = bundle.run("ps", "-o", "pid,args");

        assertTrue(ps.output().contains("1 sleep 1234"), ps::describe);
    }

    @Test
    @Requires(JRUNC) // runc 1.1 wants the mappings again
    @Shows("linux.namespaces.path")
    void joinedUserNamespaceMapsAsItsOwnerWished() {
        Container first = Bundle.busybox().userNamespace(100000, 65536).start("sleep", "60");
        String namespaces = "/proc/" + first.pid() + "/ns/";
        var bundle = Bundle.busybox().namespace("user", namespaces + "user");

        Result second = bundle.sh("readlink /proc/self/ns/user; id -u; cat /proc/self/uid_map");

        assertEquals(link(Path.of(namespaces + "user")), second.lines().get(0), second::describe);
        assertEquals("0", second.lines().get(1));
        assertEquals("0 100000 65536", second.lines().get(2).strip().replaceAll(" +", " "));
    }

    @Test
    @Shows("linux.namespaces.path")
    void namespacesOfAPodAreJoinedTogether() {
        Container pause = Bundle.busybox().start("sleep", "60");
        String namespaces = "/proc/" + pause.pid() + "/ns/";
        var bundle = Bundle.busybox().remove("/hostname");
        bundle.namespace("network", namespaces + "net");
        bundle.namespace("ipc", namespaces + "ipc");
        bundle.namespace("uts", namespaces + "uts");

        Result member = bundle.sh("readlink /proc/self/ns/net; hostname");

        assertEquals(List.of(link(Path.of(namespaces + "net")), "box"), member.lines());
    }

    @Test
    @Shows("linux.namespaces.path")
    void mountNamespaceIsJoinedByItsPath() throws IOException {
        Process other =
                new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sleep", "60")
                        .start();
        try {
            Path namespace = Path.of("/proc/" + other.pid() + "/ns/mnt");
            Host.becomes(2000, () -> !link(namespace).equals(hosts("mnt")));

            Result inside =
                    Bundle.busybox()
                            .namespace("mount", namespace.toString())
                            .run("readlink", "/proc/self/ns/mnt");

            assertEquals(link(namespace), inside.output());
        } finally {
            other.destroyForcibly();
        }
    }

    @ParameterizedTest
    @Requires(JRUNC) // runc does not say which path
    @ValueSource(strings = {"/proc/self/nothing", "/etc/passwd", "/proc/self/ns/uts"})
    void pathThatIsNoNetworkNamespaceIsRefused(String path) {
        Result run = Bundle.busybox().namespace("network", path).run("true");

        run.failsWith(path);
    }

    @Test
    void namespaceNamedTwiceIsRefused() {
        var bundle = Bundle.busybox();
        bundle.json(
                "/linux/namespaces",
                "[{\"type\":\"mount\"},{\"type\":\"pid\"},{\"type\":\"pid\"}]");

        Result run = bundle.run("true");

        run.failsWith("pid");
    }

    @Test
    void unknownNamespaceIsRefused() {
        Result run = Bundle.busybox().namespace("kitchen").run("true");

        run.failsWith("kitchen");
    }

    @Test
    @Shows("hostname")
    void hostnameIsTheContainersOwn() throws IOException {
        String before = Files.readString(Path.of("/proc/sys/kernel/hostname"));

        Result hostname = Bundle.busybox().set("/hostname", "lighthouse").run("hostname");

        assertEquals("lighthouse", hostname.output());
        assertEquals(before, Files.readString(Path.of("/proc/sys/kernel/hostname")));
    }

    @Test
    @Requires(JRUNC)
    @Shows("domainname")
    void domainnameIsTheContainersOwn() {
        Result domain =
                Bundle.busybox()
                        .set("/domainname", "example")
                        .run("cat", "/proc/sys/kernel/domainname");

        assertEquals("example", domain.output());
    }

    @Test
    void hostnameWithoutItsNamespaceIsRefused() {
        Result run = Bundle.busybox().withoutNamespace("uts").run("true");

        run.failsWith("hostname");
    }

    @Test
    @Requires(JRUNC)
    void domainnameWithoutItsNamespaceIsRefused() {
        Bundle.busybox()
                .remove("/hostname")
                .set("/domainname", "example")
                .withoutNamespace("uts")
                .run("true")
                .failsWith("domainname", "needs a uts namespace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hostname", "domainname"})
    @Requires(JRUNC)
    void nameThatIsTooLongIsRefused(String field) {
        Bundle.busybox().set("/" + field, "a".repeat(65)).run("true").failsWith(field, "longer");
    }

    @Test
    void loopbackIsUp() {
        Result ip = Bundle.busybox().run("ip", "addr", "show", "dev", "lo");

        assertTrue(ip.output().contains("UP"), ip::describe);
        assertTrue(ip.output().contains("inet 127.0.0.1/8"), ip::describe);
    }

    @Test
    void onlyLoopbackIsInANewNetworkNamespace() {
        Result devices = Bundle.busybox().sh("ip -o link | cut -d: -f2");

        assertEquals("lo", devices.output().strip());
    }

    @Test
    void firstProcessIsNumberOneAndHasNoParent() {
        Result status =
                Bundle.busybox().sh("echo $$; grep ^PPid /proc/self/status; ls -d /proc/[0-9]*");

        assertEquals("1", status.lines().get(0), status::describe);
        assertEquals("PPid:\t1", status.lines().get(1));
        assertEquals("/proc/1", status.lines().get(2));
    }

    @Test
    @Requires({TIME_NAMESPACE, JRUNC})
    @Shows({"linux.timeOffsets", "linux.timeOffsets.secs", "linux.timeOffsets.nanosecs"})
    void clocksAreOffset() {
        var bundle = Bundle.busybox().namespace("time");
        bundle.json(
                "/linux/timeOffsets",
                """
                {"monotonic": {"secs": 1000000, "nanosecs": 7}, "boottime": {"secs": 50000000}}
                """);

        Result clocks = bundle.sh("cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime");

        assertEquals("monotonic 1000000 7", clocks.lines().get(0).replaceAll(" +", " "));
        assertEquals("boottime 50000000 0", clocks.lines().get(1).replaceAll(" +", " "));
        assertTrue(Long.parseLong(clocks.lines().get(2)) > 50000000, clocks::describe);
    }

    @Test
    @Requires(JRUNC)
    void clockOffsetsWithoutTheirNamespaceAreRefused() {
        Result run =
                Bundle.busybox()
                        .json("/linux/timeOffsets", "{\"boottime\": {\"secs\": 5}}")
                        .run("true");

        run.failsWith("timeOffsets");
    }

    @Test
    @Requires({TIME_NAMESPACE, JRUNC})
    void clockOffsetsOfANamespaceThatIsJoinedAreRefused() {
        Bundle.busybox()
                .namespace("time", "/proc/self/ns/time")
                .json("/linux/timeOffsets", "{\"boottime\": {\"secs\": 5}}")
                .run("true")
                .failsWith("timeOffsets", "cannot change the time namespace");
    }

    @ParameterizedTest
    @Requires(JRUNC)
    @ValueSource(
            strings = {
                "{\"boottime\": {\"nanosecs\": 1000000000}}",
                "{\"realtime\": {\"secs\": 1}}",
                "{\"monotonic\": {\"secs\": \"1\"}}"
            })
    void clockOffsetThatMeansNothingIsRefused(String json) {
        Bundle.busybox()
                .namespace("time")
                .json("/linux/timeOffsets", json)
                .run("true")
                .failsWith("timeOffsets");
    }

    private static String hosts(String file) {
        return link(Path.of("/proc/self/ns", file));
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
