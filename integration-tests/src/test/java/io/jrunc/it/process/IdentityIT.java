// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.process;

import static io.jrunc.it.harness.Feature.LIMITED_ROOT;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** User, groups, umask, capabilities. Source: runtime-spec config.md#user, #process. */
@Requires(ROOT)
class IdentityIT {
    private static final String KILL = "0000000000000020";
    private static final String KILL_AND_BIND = "0000000000000420";
    private static final String NONE = "0000000000000000";

    @Test
    @Shows({"process.user.uid", "process.user.gid"})
    void userAndGroupAreThoseOfTheConfig() {
        Result status = Bundle.busybox().user(1000, 2000).sh("grep -E '^[UG]id' /proc/self/status");

        assertEquals(
                List.of("Uid:\t1000\t1000\t1000\t1000", "Gid:\t2000\t2000\t2000\t2000"),
                status.lines());
    }

    @Test
    @Shows("process.user.additionalGids")
    void additionalGroupsAreSet() {
        var bundle = Bundle.busybox().user(1000, 2000).add("/process/user/additionalGids", 5, 77);

        assertEquals("2000 5 77", bundle.run("id", "-G").output());
    }

    @Test
    @Requires(SETPRIV)
    @Shows("process.user.additionalGids")
    void groupsOfTheCallerAreDropped() {
        var bundle = Bundle.busybox().user(1000, 2000).args("id", "-G");
        String id = Sandbox.current().freshId();

        Result groups = bundle.invoke("run", id).under("setpriv", "--groups", "3,4").run();

        assertEquals("2000", groups.output());
    }

    @Test
    @Shows({"process.user.uid", "process.user.gid"})
    void hugeIdsAreIds() {
        var bundle = Bundle.busybox();
        bundle.set("/process/user/uid", 2147483647).set("/process/user/gid", 2147483647);

        assertEquals("2147483647 2147483647", bundle.sh("echo $(id -u) $(id -g)").output());
    }

    @Test
    void umaskIs022WhateverTheCallersIs() {
        var bundle = Bundle.busybox().args("sh", "-c", "umask");

        Result umask =
                bundle.invoke("run", Sandbox.current().freshId())
                        .under("sh", "-c", "umask 077; exec \"$@\"", "sh")
                        .run();

        assertEquals("0022", umask.output());
    }

    @Test
    @Shows("process.user.umask")
    void umaskIsThatOfTheConfig() {
        assertEquals("0027", Bundle.busybox().set("/process/user/umask", 027).sh("umask").output());
    }

    @Test
    @Shows({
        "process.capabilities.bounding",
        "process.capabilities.permitted",
        "process.capabilities.effective",
        "process.capabilities.inheritable",
        "process.capabilities.ambient"
    })
    void capabilitySetsAreThoseOfTheConfig() {
        var bundle = Bundle.busybox();
        capabilities(bundle, "bounding", "CAP_KILL", "CAP_NET_BIND_SERVICE");
        capabilities(bundle, "permitted", "CAP_KILL", "CAP_NET_BIND_SERVICE");
        capabilities(bundle, "effective", "CAP_KILL", "CAP_NET_BIND_SERVICE");
        capabilities(bundle, "inheritable", "CAP_KILL");
        capabilities(bundle, "ambient", "CAP_KILL");

        Map<String, String> sets = sets(bundle);

        assertEquals(KILL_AND_BIND, sets.get("CapBnd"));
        assertEquals(KILL, sets.get("CapInh"));
        assertEquals(KILL, sets.get("CapAmb"));
        // A root user gains on execve(2) what is in the bounding set.
        assertEquals(KILL_AND_BIND, sets.get("CapPrm"));
        assertEquals(KILL_AND_BIND, sets.get("CapEff"));
    }

    @Test
    @Shows("process.capabilities.ambient")
    void otherUserKeepsOnlyAmbientCapabilities() {
        var bundle = Bundle.busybox().user(1000, 1000);
        capabilities(bundle, "bounding", "CAP_KILL", "CAP_NET_BIND_SERVICE");
        capabilities(bundle, "permitted", "CAP_KILL", "CAP_NET_BIND_SERVICE");
        capabilities(bundle, "effective", "CAP_KILL", "CAP_NET_BIND_SERVICE");
        capabilities(bundle, "inheritable", "CAP_KILL");
        capabilities(bundle, "ambient", "CAP_KILL");

        Map<String, String> sets = sets(bundle);

        assertEquals(KILL_AND_BIND, sets.get("CapBnd"));
        assertEquals(KILL, sets.get("CapPrm"));
        assertEquals(KILL, sets.get("CapEff"));
        assertEquals(KILL, sets.get("CapAmb"));
    }

    @Test
    @Shows("process.capabilities")
    void emptySetsAreNoCapabilities() {
        var bundle = Bundle.busybox().capabilities();
        bundle.set("/process/capabilities/ambient", List.of());
        bundle.set("/process/capabilities/inheritable", List.of());

        Map<String, String> sets = sets(bundle);

        assertEquals(
                Map.of(
                        "CapInh", NONE, "CapPrm", NONE, "CapEff", NONE, "CapBnd", NONE, "CapAmb",
                        NONE),
                sets);
    }

    @Test
    void absentCapabilitiesAreNoCapabilities() {
        Map<String, String> sets = sets(Bundle.busybox().remove("/process/capabilities"));

        assertEquals(NONE, sets.get("CapBnd"));
        assertEquals(NONE, sets.get("CapEff"));
    }

    @Test
    void unknownCapabilityIsWarnedOfAndIgnored() {
        Result run = Bundle.busybox().capabilities("CAP_KILL", "CAP_LEVITATE").run("echo", "ran");

        assertEquals("ran", run.output());
        assertTrue(run.stderr().contains("CAP_LEVITATE"), run::describe);
        assertTrue(run.stderr().contains("warn"), run::describe);
    }

    @Test
    @Requires(LIMITED_ROOT)
    void capabilityThatTheCallerLacksIsRefused() {
        Bundle.busybox()
                .capabilities("CAP_SYS_RESOURCE")
                .run("true")
                .failsWith("operation not permitted");
    }

    @Test
    @Shows("process.noNewPrivileges")
    void noNewPrivilegesIsAsWritten() {
        String show = "grep NoNewPrivs /proc/self/status";

        assertEquals("NoNewPrivs:\t1", Bundle.busybox().sh(show).output());
        var bundle = Bundle.busybox().set("/process/noNewPrivileges", false);
        assertEquals("NoNewPrivs:\t0", bundle.sh(show).output());
    }

    @Test
    @Shows("process.noNewPrivileges")
    void noNewPrivilegesDisarmsSetuidPrograms() {
        var bundle = Bundle.busybox().user(1000, 1000);
        String copy = bundle.inside("/suid/id").toString();
        String busybox = Program.installed("busybox").orElseThrow();
        Sandbox.current()
                .command("sh", "-c", "mkdir -p ${1%/id}; cp $0 $1; chmod 4755 $1", busybox, copy)
                .run()
                .output();

        assertEquals("1000", bundle.run("/suid/id", "-u").output());
    }

    /** A program may open /dev/stdout again, which needs it to be the user's own. */
    @Test
    void userOwnsItsStreams() {
        var bundle = Bundle.busybox().user(1000, 1000).args("sh", "-c", "echo out > /dev/stdout");

        Result piped =
                bundle.invoke("run", Sandbox.current().freshId())
                        .under("sh", "-c", "\"$@\" | cat", "sh")
                        .run();

        assertEquals("out", piped.output(), piped::describe);
    }

    private static void capabilities(Bundle bundle, String set, String... names) {
        bundle.set("/process/capabilities/" + set, names);
    }

    private static Map<String, String> sets(Bundle bundle) {
        Map<String, String> sets = new LinkedHashMap<>();
        for (String line : bundle.sh("grep ^Cap /proc/self/status").lines()) {
            sets.put(line.substring(0, 6), line.substring(8));
        }
        return sets;
    }
}
