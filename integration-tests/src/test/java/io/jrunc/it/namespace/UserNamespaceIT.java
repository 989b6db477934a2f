// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.namespace;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Source: runtime-spec config-linux.md#user-namespace-mappings. */
@Requires(ROOT)
class UserNamespaceIT {
    private static final int FIRST = 100000;

    @Test
    @Shows({"linux.uidMappings", "linux.gidMappings"})
    void rootInsideIsUnprivilegedOutside() {
        Container container = mapped().start("sleep", "60");

        assertEquals(
                "100000\t100000\t100000\t100000", Host.field(container.pid(), "status", "Uid"));
        assertEquals(
                "100000\t100000\t100000\t100000", Host.field(container.pid(), "status", "Gid"));
    }

    @Test
    void processIsRootInside() {
        Result id = mapped().sh("id -u; id -g; cat /proc/self/setgroups");

        assertEquals(List.of("0", "0", "allow"), id.lines());
    }

    @Test
    @Shows({"linux.uidMappings", "linux.gidMappings"})
    void otherUserIsMappedToo() {
        Container container = mapped().user(1000, 2000).start("sleep", "60");

        assertTrue(Host.field(container.pid(), "status", "Uid").startsWith("101000\t"));
        assertTrue(Host.field(container.pid(), "status", "Gid").startsWith("102000\t"));
    }

    @Test
    @Shows({
        "linux.uidMappings.containerID",
        "linux.uidMappings.hostID",
        "linux.uidMappings.size",
        "linux.gidMappings.containerID",
        "linux.gidMappings.hostID",
        "linux.gidMappings.size"
    })
    void rangesAreMappedAsWritten() {
        var bundle = Bundle.busybox().namespace("user");
        String ranges =
                """
                [{"containerID": 0, "hostID": 100000, "size": 10},
                 {"containerID": 10, "hostID": 300000, "size": 500}]
                """;
        bundle.json("/linux/uidMappings", ranges).json("/linux/gidMappings", ranges);

        Result maps = bundle.sh("cat /proc/self/uid_map /proc/self/gid_map");

        assertEquals(
                List.of("0 100000 10", "10 300000 500", "0 100000 10", "10 300000 500"),
                maps.lines().stream().map(l -> l.strip().replaceAll(" +", " ")).toList());
    }

    @Test
    void filesBelongToTheMappedOwners() throws IOException {
        var bundle = mapped().file("/theirs", "x").file("/ours", "x");
        Sandbox.current()
                .command("chown", "100007:100008", bundle.inside("/ours").toString())
                .run();

        Result owners = bundle.sh("stat -c '%u:%g' /ours; stat -c '%u:%g' /theirs");

        assertEquals(List.of("7:8", "65534:65534"), owners.lines());
    }

    @Test
    void newFileBelongsToMappedRootOutside() throws IOException {
        var bundle = mapped().writable().directory("/data");
        Path data = bundle.inside("/data");
        Sandbox.current().command("chown", "100000:100000", data.toString()).run().output();

        bundle.sh("echo x > /data/new").output();

        assertEquals(FIRST, Files.getAttribute(data.resolve("new"), "unix:uid"));
        assertEquals(FIRST, Files.getAttribute(data.resolve("new"), "unix:gid"));
    }

    @Test
    void devicesAreThoseOfTheHost() {
        Result devices =
                mapped().sh(
                                "grep -c ' /dev/null .* devtmpfs ' /proc/self/mountinfo;"
                                        + " echo lost > /dev/null; head -c 4 /dev/zero | wc -c;"
                                        + " stat -c '%t:%T' /dev/null");

        assertEquals(List.of("1", "4", "1:3"), devices.lines());
    }

    @Test
    void devicesCannotBeMade() {
        Result mknod =
                mapped().capabilities("CAP_MKNOD")
                        .set("/process/noNewPrivileges", false)
                        .sh("mknod /dev/shm/mem c 1 1");

        assertTrue(mknod.stderr().contains("Operation not permitted"), mknod::describe);
    }

    @Test
    void messageQueuesBelongToRoot() {
        Result queue = mapped().sh("stat -c %u /dev/mqueue; touch /dev/mqueue/q; ls /dev/mqueue");

        assertEquals(List.of("0", "q"), queue.lines());
    }

    @Test
    void unmappedUserIsRefused() {
        Result run = Bundle.busybox().userNamespace(FIRST, 10).user(50, 0).run("true");

        assertEquals(1, run.status(), run::describe);
    }

    @Test
    void namespaceWithoutMappingsIsRefused() {
        Result run = Bundle.busybox().namespace("user").run("true");

        run.failsWith("apping");
    }

    @Test
    @Requires(JRUNC) // runc 1.1 ignores them
    void mappingsWithoutNamespaceAreRefused() {
        Result run = Bundle.busybox().userNamespace(FIRST, 10).withoutNamespace("user").run("true");

        run.failsWith("(?i)user namespace");
    }

    @Test
    @Requires(JRUNC) // runc 1.1 refuses them in any case
    void mappingsOfANamespaceThatIsJoinedMustBeThoseItHas() {
        Container first = mapped().start("sleep", "60");
        String path = "/proc/" + first.pid() + "/ns/user";
        var same = mapped().namespace("user", path);
        assertEquals("0", same.run("id", "-u").output());

        var other = Bundle.busybox().userNamespace(FIRST, 65535).namespace("user", path);
        other.run("true").failsWith("linux.uidMappings", "0 100000 65536");
    }

    @Test
    void unmappedAdditionalGroupIsRefused() {
        var bundle = Bundle.busybox().userNamespace(FIRST, 10);
        bundle.add("/process/user/additionalGids", 50);

        Result run = bundle.run("true");

        assertEquals(1, run.status(), run::describe);
    }

    @Test
    @Requires(JRUNC) // runc 1.1 has no time namespaces
    @Shows("linux.timeOffsets.secs")
    void clocksAreOffsetHereToo() {
        var bundle = mapped().namespace("time");
        bundle.set("/linux/timeOffsets/boottime/secs", 50000000);

        Result uptime = bundle.sh("cut -d. -f1 /proc/uptime");

        assertTrue(Long.parseLong(uptime.output()) > 50000000, uptime::describe);
    }

    private static Bundle mapped() {
        return Bundle.busybox().userNamespace(FIRST, 65536);
    }
}
