// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cgroup;

import static io.jrunc.it.harness.Feature.HUGETLB_V2;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.UNIFIED_CGROUP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.DeviceProbe;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import org.junit.jupiter.api.Test;

/**
 * A host with nothing but cgroup v2: on one that has v1, too, a mount namespace from which that
 * cannot be seen. Only controllers that v1 has left are there then. Source: runtime-spec
 * config-linux.md#control-groups.
 */
@Requires({ROOT, JRUNC, UNIFIED_CGROUP})
class UnifiedCgroupIT {
    private static final String ONLY_V2 =
            "umount --recursive /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup"
                    + " && exec \"$@\"";

    private static Result run(Bundle bundle) {
        return alone(bundle.namespace("cgroup"));
    }

    private static Result alone(Bundle bundle) {
        return bundle.set("/linux/cgroupsPath", "/" + Sandbox.current().token())
                .invoke("run", Sandbox.current().freshId())
                .under("unshare", "--mount", "--propagation", "private", "sh", "-c", ONLY_V2, "sh")
                .run();
    }

    private static Result reading(Bundle bundle, String file) {
        return run(bundle.cwd("/sys/fs/cgroup").args("cat", file));
    }

    @Test
    void containerIsAloneInACgroup() {
        assertEquals("1", reading(Bundle.busybox(), "cgroup.procs").output());
    }

    @Shows("linux.resources.devices.allow")
    @Test
    void deviceThatIsNotAllowedCannotBeOpened() {
        Result open = run(DeviceProbe.prepare(DeviceProbe.rules()));

        assertEquals("made\n", open.stdout());
        open.failsWith("Operation not permitted");
    }

    @Test
    void withoutRulesNoOtherDeviceIsAllowed() {
        Result open = run(DeviceProbe.prepare(Bundle.busybox().remove("/linux/resources")));

        open.failsWith("Operation not permitted");
    }

    @Shows({"linux.resources.devices.major", "linux.resources.devices.minor"})
    @Test
    void deviceThatIsAllowedIsOpened() {
        Bundle bundle =
                DeviceProbe.rules(
                        "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11,"
                                + " \"access\": \"rw\"}");

        assertEquals("made\nopened", run(DeviceProbe.prepare(bundle)).output());
    }

    @Shows({"linux.resources.devices.type", "linux.resources.devices.access"})
    @Test
    void laterRuleTakesOneKindOfAccessAway() {
        Bundle bundle =
                DeviceProbe.rules(
                        "{\"allow\": true, \"access\": \"rwm\"}",
                        "{\"allow\": false, \"type\": \"c\", \"major\": 1, \"minor\": 11,"
                                + " \"access\": \"r\"}");

        run(DeviceProbe.prepare(bundle)).failsWith("Operation not permitted");
    }

    @Test
    void devicesThatAllContainersHaveWork() {
        Bundle bundle = DeviceProbe.rules().args("sh", "-c", "head -c 3 /dev/urandom > /dev/null");

        assertEquals("", run(bundle).output());
    }

    @Shows({"linux.resources.hugepageLimits.pageSize", "linux.resources.hugepageLimits.limit"})
    @Test
    @Requires(HUGETLB_V2)
    void hugePagesAreLimited() {
        var bundle = Bundle.busybox();
        String limits = "[{\"pageSize\": \"2MB\", \"limit\": 4194304}]";
        bundle.json("/linux/resources/hugepageLimits", limits);

        assertEquals("4194304", reading(bundle, "hugetlb.2MB.max").output());
        assertEquals("4194304", reading(bundle, "hugetlb.2MB.rsvd.max").output());
    }

    @Shows("linux.resources.unified")
    @Test
    void filesAreWrittenByName() {
        var bundle = Bundle.busybox();
        bundle.json("/linux/resources/unified", "{\"cgroup.max.descendants\": \"7\"}");

        assertEquals("7", reading(bundle, "cgroup.max.descendants").output());
    }

    @Test
    void controllerThatIsNotThereIsNamed() {
        var bundle = Bundle.busybox();
        bundle.json("/linux/resources/unified", "{\"nosuch.max\": \"7\"}");

        run(bundle.args("true")).failsWith("the controller nosuch is not available here");
    }

    /** As monitors want it, which engines give the host's cgroup namespace. */
    @Test
    void withoutACgroupNamespaceTheWholeHierarchyIsThere() {
        var bundle = Bundle.busybox().withoutNamespace("cgroup");

        Result seen = alone(bundle.args("cat", "/sys/fs/cgroup/" + token() + "/cgroup.procs"));
        Result made = alone(bundle.args("mkdir", "/sys/fs/cgroup/" + token() + "-made"));

        assertEquals("1", seen.output());
        made.failsWith("Read-only file system");
    }

    private static String token() {
        return Sandbox.current().token();
    }
}
