// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.namespace;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.VETH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Devices of a network namespace that is made for each test. Source: runtime-spec
 * config-linux.md#network-devices.
 */
@Requires({ROOT, JRUNC, VETH}) // runc of today's distributions moves none
class NetDevicesIT {
    private static final String VETH =
            """
            set -e
            ip link add web0 type veth peer name peer0
            ip link set web0 address 02:00:5e:10:00:01 mtu 1400 txqueuelen 77
            ip link set peer0 up
            ip addr add 192.0.2.5/25 brd + dev web0
            ip addr add 2001:db8::5/64 dev web0 nodad
            ip addr add 169.254.7.7/16 scope link dev web0
            ip addr add 192.0.2.99/25 dev web0 valid_lft 1000900 preferred_lft 1000900
            ip link set web0 up
            set +e
            """;

    private static final String SHOW = "ip -o link show; ip -o addr show | tr -s ' '";

    /** Runs the bundle's container in a new network namespace that has the device web0. */
    private static Result run(Bundle bundle, String before, String after, String... args) {
        String script = VETH + before + "\n\"$@\"; status=$?; " + after + "; exit $status";
        return bundle.args(args)
                .invoke("run", Sandbox.current().freshId())
                .under("unshare", "--net", "sh", "-c", script, "sh")
                .run();
    }

    private static Bundle moving(String devices) {
        return Bundle.busybox().json("/linux/netDevices", devices);
    }

    private static void contains(Result result, String... parts) {
        for (String part : parts) {
            assertTrue(result.stdout().contains(part), () -> part + ": " + result.describe());
        }
    }

    private static void lacks(Result result, String... parts) {
        for (String part : parts) {
            assertFalse(result.stdout().contains(part), () -> part + ": " + result.describe());
        }
    }

    @Test
    @Shows({"linux.netDevices", "linux.netDevices.name"})
    void deviceIsInTheContainerUnderItsNewNameAndKeepsWhatIsItsOwn() {
        Result inside = run(moving("{\"web0\": {\"name\": \"lan0\"}}"), "", ":", "sh", "-c", SHOW);

        assertEquals(0, inside.status(), inside::describe);
        assertEquals("", inside.stderr());
        contains(inside, "lan0@", ",UP", "mtu 1400", "qlen 77", "02:00:5e:10:00:01");
        contains(inside, "inet 192.0.2.5/25 brd 192.0.2.127 scope global lan0");
        contains(inside, "inet6 2001:db8::5/64 scope global");
        // Neither for the whole network nor for good.
        lacks(inside, "169.254.7.7", "192.0.2.99", "web0");
    }

    @Test
    @Shows("linux.netDevices")
    void deviceIsNoLongerOutside() {
        Result outside = run(moving("{\"web0\": {}}"), "", SHOW, "true");

        assertEquals(0, outside.status(), outside::describe);
        lacks(outside, "web0");
    }

    @Test
    @Shows("linux.netDevices.name")
    void deviceWithoutAnotherNameKeepsItsOwn() {
        Result inside = run(moving("{\"web0\": {}}"), "", ":", "sh", "-c", SHOW);

        contains(inside, "web0@", "192.0.2.5/25");
    }

    @Test
    @Shows("linux.netDevices.name")
    void patternIsFilledWithFreeNumbers() {
        var bundle = moving("{\"web0\": {\"name\": \"lan%d\"}, \"peer0\": {\"name\": \"lan%d\"}}");

        Result inside = run(bundle, "", ":", "sh", "-c", SHOW);

        contains(inside, "lan0@lan1", "lan1@lan0", "192.0.2.5/25");
    }

    @Test
    @Shows("linux.netDevices")
    void deviceMovesIntoAUserNamespace() {
        var bundle = moving("{\"web0\": {\"name\": \"lan0\"}}").userNamespace(100000, 65536);

        Result inside = run(bundle, "", ":", "sh", "-c", SHOW);

        assertEquals(0, inside.status(), inside::describe);
        contains(inside, "lan0@", ",UP", "192.0.2.5/25", "2001:db8::5/64");
    }

    @Test
    @Shows("linux.netDevices")
    void deviceMovesIntoANamespaceThatExists() {
        Container first = Bundle.busybox().start("sleep", "60");
        String path = "/proc/" + first.pid() + "/ns/net";
        var bundle = moving("{\"web0\": {\"name\": \"lan0\"}}").namespace("network", path);

        Result inside = run(bundle, "", ":", "sh", "-c", SHOW);

        assertEquals(0, inside.status(), inside::describe);
        contains(inside, "lan0@", "192.0.2.5/25");
    }

    /** Another device of the container has the index already. */
    @Test
    void deviceWhoseIndexIsTakenGetsAnother() {
        Container first = Bundle.busybox().start("sleep", "60");
        String path = "/proc/" + first.pid() + "/ns/net";
        var bundle = moving("{\"web0\": {}}").namespace("network", path);
        String taken =
                "i=$(cat /sys/class/net/web0/ifindex 2>/dev/null || ip -o link show web0 | cut -d:"
                        + " -f1); nsenter --net="
                        + path
                        + " ip link add other index $i type bridge";

        Result inside = run(bundle, taken, ":", "sh", "-c", SHOW);

        contains(inside, "web0@", "other", "192.0.2.5/25");
    }

    @Test
    void systemControlsOfTheDeviceAreSet() {
        var bundle = moving("{\"web0\": {\"name\": \"lan0\"}}");
        bundle.json("/linux/sysctl", "{\"net/ipv4/conf/lan0/rp_filter\": \"2\"}");

        Result inside = run(bundle, "", ":", "cat", "/proc/sys/net/ipv4/conf/lan0/rp_filter");

        assertEquals("2", inside.output());
    }

    @Test
    void deviceComesBackIfTheContainerIsNotMade() {
        Result outside =
                run(moving("{\"web0\": {\"name\": \"lan0\"}}"), "", SHOW, "/no/such/program");

        outside.failsWith("/no/such/program");
        contains(outside, "web0@", ",UP", "mtu 1400", "02:00:5e:10:00:01");
        contains(outside, "192.0.2.5/25", "2001:db8::5/64");
        contains(outside, "169.254.7.7/16 scope link", "192.0.2.99/25", "valid_lft 1000");
    }

    @Test
    void deviceThatWasOffComesBackOff() {
        Result outside =
                run(moving("{\"web0\": {}}"), "ip link set web0 down", SHOW, "/no/such/program");

        contains(outside, "web0@peer0: <BROADCAST,MULTICAST> ", "192.0.2.5/25");
    }

    @Test
    void deviceComesBackFromAUserNamespaceIfInitIsKilled() {
        var bundle = moving("{\"web0\": {\"name\": \"lan0\"}}").userNamespace(100000, 65536);
        String kill = "kill -9 $(tr , '\\n' | grep '\"pid\"' | tr -dc 0-9)";
        bundle.set(
                "/hooks/createRuntime",
                List.of(Map.of("path", "/bin/sh", "args", List.of("sh", "-c", kill))));

        Result outside = run(bundle, "", SHOW, "true");

        assertEquals(1, outside.status(), outside::describe);
        contains(outside, "web0@", ",UP", "192.0.2.5/25", "2001:db8::5/64");
    }

    @Test
    void deviceThatDoesNotExistIsNamedAndNoOtherMoves() {
        Result outside = run(moving("{\"web0\": {}, \"eth77\": {}}"), "", SHOW, "true");

        outside.failsWith("eth77", "ENODEV", "no network device so called");
        contains(outside, "web0@", ",UP", "192.0.2.5/25", "192.0.2.99/25", "2001:db8::5/64");
    }

    @Test
    void nameThatIsTakenInTheContainerIsRefused() {
        Result outside = run(moving("{\"web0\": {\"name\": \"lo\"}}"), "", SHOW, "true");

        outside.failsWith("linux.netDevices", "device \\\\?\"lo\\\\?\" already");
        contains(outside, "web0@", ",UP", "192.0.2.99/25");
    }

    @Test
    void deviceThatCannotMoveStaysAsItWas() {
        String bridge =
                "ip link add br0 type bridge; ip addr add 192.0.2.200/25 dev br0;"
                        + " ip addr add 2001:db8:1::5/64 dev br0 nodad; ip link set br0 up";

        Result outside = run(moving("{\"web0\": {}, \"br0\": {}}"), bridge, SHOW, "true");

        outside.failsWith("br0", "EINVAL");
        contains(outside, "web0@", "192.0.2.5/25", "br0:", "192.0.2.200/25", "2001:db8:1::5/64");
        assertTrue(
                outside.stdout().lines().filter(line -> line.contains(",UP")).count() >= 2,
                outside::describe);
    }

    @Test
    void namespaceOfTheRuntimeIsRefused() {
        var bundle = moving("{\"web0\": {}}").namespace("network", "/proc/self/ns/net");

        Result outside = run(bundle, "", SHOW, "true");

        outside.failsWith("linux.netDevices", "the runtime's own");
        contains(outside, "web0@", ",UP", "192.0.2.5/25");
    }

    @Test
    void devicesWithoutANetworkNamespaceAreRefused() {
        Bundle bundle = moving("{\"web0\": {}}").withoutNamespace("network");

        bundle.run("true").failsWith("linux.netDevices", "needs a network namespace");
    }

    @ParameterizedTest
    @CsvSource({"a/b", "a:b", "a b", ".", "a234567890123456"})
    void nameThatNoDeviceCanHaveIsRefused(String name) {
        Bundle bundle = Bundle.busybox().set("/linux/netDevices/web0/name", name);

        bundle.run("true").failsWith("linux.netDevices", "cannot name a network device");
    }

    @Test
    void twoDevicesOfOneNameAreRefused() {
        Bundle bundle = moving("{\"web0\": {\"name\": \"a\"}, \"web1\": {\"name\": \"a\"}}");

        bundle.run("true").failsWith("linux.netDevices", "is the name of another device");
    }

    @Test
    void explanationNamesTheMoves() {
        List<String> steps =
                moving("{\"web0\": {\"name\": \"lan0\"}}")
                        .invoke("explain", "--syscalls")
                        .run()
                        .lines();

        assertTrue(
                steps.stream().anyMatch(step -> step.contains("web0 (as lan0)")), steps::toString);
        assertTrue(
                steps.stream().anyMatch(step -> step.contains("RTM_NEWLINK to")), steps::toString);
    }
}
