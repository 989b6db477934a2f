// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cgroup;

import static io.jrunc.it.harness.Feature.BLOCK_DEVICE;
import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.NO_SYSTEMD;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.DeviceProbe;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Source: runtime-spec config-linux.md#control-groups. */
@Requires(ROOT)
class CgroupIT {
    private static final Path MOUNTS = Path.of("/sys/fs/cgroup");

    @Test
    void withoutAPathTheCgroupIsBelowTheCallersAndNamedAsTheContainer() {
        Container container = Bundle.busybox().create("true");

        Map<String, String> expected = cgroups(ProcessHandle.current().pid());
        expected.replaceAll((hierarchy, path) -> below(path, container.id()));
        assertEquals(expected, cgroups(container.pid()));
    }

    @Shows("linux.cgroupsPath")
    @Test
    void relativePathIsBelowTheCallers() {
        String name = Sandbox.current().token() + "-relative";

        Container container = Bundle.busybox().set("/linux/cgroupsPath", name).start("sleep", "60");

        Map<String, String> expected = cgroups(ProcessHandle.current().pid());
        expected.replaceAll((hierarchy, path) -> below(path, name));
        assertEquals(expected, cgroups(container.pid()));
    }

    @Shows("linux.cgroupsPath")
    @Test
    void absolutePathIsBelowTheMountPoint() {
        String path = "/" + Sandbox.current().token() + "-absolute";

        Container container = Bundle.busybox().set("/linux/cgroupsPath", path).start("sleep", "60");

        Map<String, String> actual = cgroups(container.pid());
        actual.values().forEach(cgroup -> assertEquals(path, cgroup, actual::toString));
    }

    @Test
    @Escape("crun-1.28-delegate")
    void pathDoesNotClimbOutOfItsHierarchy() {
        String name = Sandbox.current().token() + "-climber";

        Container container =
                Bundle.busybox().set("/linux/cgroupsPath", "/../../" + name).start("sleep", "60");

        Map<String, String> actual = cgroups(container.pid());
        actual.values().forEach(cgroup -> assertEquals("/" + name, cgroup, actual::toString));
    }

    @Test
    void parentsAreLeftAlone() throws IOException {
        String parent = Sandbox.current().token() + "-parent";
        Path directory = Files.createDirectory(MOUNTS.resolve("pids").resolve(parent));
        var bundle = Bundle.busybox().set("/linux/cgroupsPath", "/" + parent + "/child");

        Result seen = bundle.run("grep", ":pids:", "/proc/self/cgroup");

        assertTrue(seen.output().endsWith("/" + parent + "/child"), seen::describe);
        assertTrue(Files.isDirectory(directory));
        for (Path left : Host.cgroups(parent)) {
            assertFalse(left.endsWith("child"), left::toString);
            assertTrue(left.toFile().delete());
        }
    }

    /** Init would stop there, and never answer. */
    @Test
    @Requires({CGROUP_V1, JRUNC})
    void cgroupBelowAFrozenOneIsRefused() throws IOException {
        String parent = Sandbox.current().token() + "-frozen";
        Path directory = Files.createDirectory(MOUNTS.resolve("freezer").resolve(parent));
        Files.writeString(directory.resolve("freezer.state"), "FROZEN");
        var bundle = Bundle.busybox().set("/linux/cgroupsPath", "/" + parent + "/child");

        Result run = bundle.run("true");

        for (Path left : Host.cgroups(parent)) {
            assertFalse(left.endsWith("child"), left::toString);
            assertTrue(left.toFile().delete());
        }
        run.failsWith("cgroup is frozen");
    }

    @Test
    void cgroupIsRemovedWithTheContainer() {
        Container container = Bundle.busybox().create("true");
        assertFalse(Host.cgroups(container.id()).isEmpty());

        container.delete("--force").output();

        assertEquals(List.of(), Host.cgroups(container.id()));
    }

    @Test
    @Requires(CGROUP_V1)
    void cgroupsThatTheContainerMadeAreRemovedToo() {
        Container container = nesting().start("sh", "-c", NEST + "; sleep 60");
        assertTrue(
                Host.becomes(
                        5000, () -> !Host.cgroups(container.id() + "/nested/deeper").isEmpty()));

        container.delete("--force").output();

        assertEquals(List.of(), Host.cgroups(container.id()));
    }

    @Test
    @Requires(CGROUP_V1)
    void cgroupsThatTheContainerMadeAreRemovedAfterAForegroundRun() {
        Result run = nesting().run("sh", "-c", NEST);

        assertEquals(0, run.status(), run::describe);
        assertEquals(List.of(), Host.cgroups(Sandbox.current().token()));
    }

    private static final String NEST =
            "cd /sys/fs/cgroup/pids && mkdir -p nested/deeper ../memory/nested &&"
                    + " echo 0 > nested/deeper/cgroup.procs";

    private static Bundle nesting() {
        var bundle = Bundle.busybox().withoutMount("/sys/fs/cgroup").withoutMount("/sys");
        bundle.mount("/sys", "sysfs", "sysfs").capabilities("CAP_DAC_OVERRIDE");
        return bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev");
    }

    /** Without a pid namespace, the end of init does not end them. */
    @Test
    void processesThatOutliveTheFirstEndWithTheContainer() {
        var bundle = Bundle.busybox().withoutNamespace("pid");

        Result run = bundle.sh("sleep 4242 >/dev/null 2>&1 & echo started");

        assertEquals("started", run.output());
        assertEquals(List.of(), Host.processes(Sandbox.current().token()));
    }

    @Test
    @Requires(JRUNC) // runc 1.1 only warns
    void cgroupOfAnotherContainerIsNotTaken() {
        String path = "/" + Sandbox.current().token() + "-taken";
        Container first = Bundle.busybox().set("/linux/cgroupsPath", path).start("sleep", "60");

        Result second = Bundle.busybox().set("/linux/cgroupsPath", path).run("true");

        second.failsWith(path, "not empty");
        assertEquals("running", first.status());
        assertFalse(Host.cgroups(path).isEmpty());
    }

    @Test
    @Requires(JRUNC) // as above
    void failedCreateLeavesTheProcessesOfOthersAlone() {
        String path = "/" + Sandbox.current().token() + "-taken";
        var bundle = Bundle.busybox().set("/linux/cgroupsPath", path).withoutNamespace("pid");
        Container first = bundle.start("sleep", "60");

        bundle.container().create().failsWith(path, "not empty");

        Host.pause(50);
        assertEquals("running", first.status());
    }

    @Shows({
        "linux.resources.memory.limit",
        "linux.resources.memory.reservation",
        "linux.resources.memory.swap",
        "linux.resources.memory.swappiness",
        "linux.resources.memory.kernelTCP",
        "linux.resources.memory.disableOOMKiller",
        "linux.resources.memory.useHierarchy",
        "linux.resources.pids.limit",
        "linux.resources.cpu.shares",
        "linux.resources.cpu.quota",
        "linux.resources.cpu.period",
        "linux.resources.cpu.burst",
        "linux.resources.cpu.idle",
        "linux.resources.cpu.realtimeRuntime",
        "linux.resources.cpu.realtimePeriod",
        "linux.resources.cpu.cpus",
        "linux.resources.cpu.mems"
    })
    @ParameterizedTest
    @Requires({CGROUP_V1, JRUNC}) // runc 1.1 knows neither burst nor idle
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "memory | limit_in_bytes | 67108864 | {'limit': 67108864}",
                "memory | soft_limit_in_bytes | 33554432 | {'reservation': 33554432}",
                "memory | memsw.limit_in_bytes | 134217728"
                        + " | {'limit': 67108864, 'swap': 134217728}",
                "memory | swappiness | 17 | {'swappiness': 17}",
                "memory | kmem.tcp.limit_in_bytes | 8388608 | {'kernelTCP': 8388608}",
                "memory | oom_control | oom_kill_disable 1 | {'disableOOMKiller': true}",
                "memory | use_hierarchy | 1 | {'useHierarchy': true}",
                "pids | max | 17 | {'limit': 17}",
                "pids | max | max | {'limit': -1}",
                "cpu | shares | 512 | {'shares': 512}",
                "cpu | cfs_quota_us | 50000 | {'quota': 50000}",
                "cpu | cfs_period_us | 200000 | {'period': 200000}",
                "cpu | cfs_burst_us | 10000 | {'burst': 10000, 'quota': 50000}",
                "cpu | idle | 1 | {'idle': 1}",
                "cpu | rt_runtime_us | 1000 | {'realtimeRuntime': 1000, 'realtimePeriod': 500000}",
                "cpu | rt_period_us | 500000 | {'realtimePeriod': 500000}",
                "cpuset | cpus | 0 | {'cpus': '0'}",
                "cpuset | mems | 0 | {'mems': '0'}"
            })
    void limitIsWritten(String controller, String file, String expected, String limits)
            throws IOException {
        var bundle = Bundle.busybox().set("/linux/cgroupsPath", "/" + Sandbox.current().token());
        String field = controller.equals("cpuset") ? "cpu" : controller;
        bundle.json("/linux/resources/" + field, limits.replace('\'', '"'));

        Container container = bundle.create("true");

        String path = cgroups(container.pid()).get(controller);
        Path written = Path.of(MOUNTS + "/" + controller + path, controller + "." + file);
        assertEquals(expected, Files.readAllLines(written).get(0));
    }

    @Shows({
        "linux.resources.blockIO.throttleReadBpsDevice.major",
        "linux.resources.blockIO.throttleReadBpsDevice.minor",
        "linux.resources.blockIO.throttleReadBpsDevice.rate",
        "linux.resources.blockIO.throttleWriteBpsDevice.major",
        "linux.resources.blockIO.throttleWriteBpsDevice.minor",
        "linux.resources.blockIO.throttleWriteBpsDevice.rate",
        "linux.resources.blockIO.throttleReadIOPSDevice.major",
        "linux.resources.blockIO.throttleReadIOPSDevice.minor",
        "linux.resources.blockIO.throttleReadIOPSDevice.rate",
        "linux.resources.blockIO.throttleWriteIOPSDevice.major",
        "linux.resources.blockIO.throttleWriteIOPSDevice.minor",
        "linux.resources.blockIO.throttleWriteIOPSDevice.rate"
    })
    @ParameterizedTest
    @Requires({CGROUP_V1, BLOCK_DEVICE})
    @CsvSource({
        "throttleReadBpsDevice, read_bps_device",
        "throttleWriteBpsDevice, write_bps_device",
        "throttleReadIOPSDevice, read_iops_device",
        "throttleWriteIOPSDevice, write_iops_device"
    })
    void blockDeviceIsThrottled(String field, String file) throws IOException {
        String device = Host.blockDevice().orElseThrow();
        String[] numbers = device.split(":", -1);
        var bundle = Bundle.busybox();
        bundle.json(
                "/linux/resources/blockIO/" + field,
                String.format(
                        "[{\"major\": %s, \"minor\": %s, \"rate\": 1048576}]",
                        numbers[0], numbers[1]));

        Container container = bundle.create("true");

        Path cgroup = Path.of(MOUNTS + "/blkio" + cgroups(container.pid()).get("blkio"));
        assertEquals(
                device + " 1048576",
                Files.readString(cgroup.resolve("blkio.throttle." + file)).strip());
    }

    @Test
    @Requires({CGROUP_V1, JRUNC})
    void limitOfAControllerThatIsNotThereIsRefused() {
        var bundle = Bundle.busybox();
        bundle.json("/linux/resources/rdma", "{\"mlx5_1\": {\"hcaHandles\": 3}}");

        bundle.run("true").failsWith("rdma");
    }

    @Test
    @Requires({CGROUP_V1, JRUNC})
    void sharesOutOfRangeAreRefused() {
        var bundle = Bundle.busybox().set("/linux/resources/cpu/shares", 1);

        bundle.run("true").failsWith("linux.resources.cpu.shares: the minimum allowed .* is 2");
    }

    @Shows("linux.resources.memory.kernel")
    @Test
    @Requires({CGROUP_V1, JRUNC})
    void limitThatKernelsNoLongerKnowIsAWarning() {
        var bundle = Bundle.busybox().set("/linux/resources/memory/kernel", 67108864);

        Result run = bundle.run("true");

        assertEquals(0, run.status(), run::describe);
        assertTrue(run.stderr().contains("linux.resources.memory.kernel: "), run::describe);
    }

    @Shows("linux.resources.pids.limit")
    @Test
    @Requires(CGROUP_V1)
    void limitIsEnforced() {
        var bundle = Bundle.busybox().set("/linux/resources/pids/limit", 3);

        Result run = bundle.sh("sleep 1 & sleep 1 & sleep 1 & sleep 1 & wait");

        assertTrue(run.stderr().contains("fork"), run::describe);
    }

    @Test
    @Requires(CGROUP_V1)
    void valueThatTheKernelRefusesIsNamed() {
        var bundle = Bundle.busybox().set("/linux/resources/cpu/cpus", "999");

        bundle.run("true").failsWith("999", "cpuset.cpus");
    }

    /** The set-up is not charged to the container. */
    @Shows("linux.resources.memory.limit")
    @Test
    @Requires({CGROUP_V1, JRUNC})
    void smallestMemoryLimitRunsAProgram() {
        var bundle = Bundle.busybox().set("/linux/resources/memory/limit", 256 * 1024);

        Result run = bundle.run("true");

        assertEquals(0, run.status(), run::describe);
    }

    @Test
    @Requires({CGROUP_V1, JRUNC})
    void smallestProcessLimitRunsAProgram() {
        var bundle = Bundle.busybox().set("/linux/resources/pids/limit", 1);

        Result run = bundle.run("true");

        assertEquals(0, run.status(), run::describe);
    }

    @Shows("linux.resources.devices.allow")
    @Test
    @Requires(CGROUP_V1)
    void deviceThatIsNotAllowedCannotBeOpened() {
        Result open = opening();

        assertEquals("made\n", open.stdout());
        open.failsWith("Operation not permitted");
    }

    @Shows({
        "linux.resources.devices.allow",
        "linux.resources.devices.type",
        "linux.resources.devices.major",
        "linux.resources.devices.minor",
        "linux.resources.devices.access"
    })
    @Test
    @Requires(CGROUP_V1)
    void deviceThatIsAllowedIsOpened() {
        Result open =
                opening(
                        "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"rw\"}");

        assertEquals("made\nopened\n", open.stdout(), open::describe);
    }

    @Shows({"linux.resources.devices.allow", "linux.resources.devices.access"})
    @Test
    @Requires(CGROUP_V1)
    void laterRuleForADeviceCounts() {
        Result open =
                opening(
                        "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"rw\"}",
                        "{\"allow\": false, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"r\"}");

        open.failsWith("Operation not permitted");
    }

    @Test
    @Requires(CGROUP_V1)
    void holeInAWiderRuleIsRefused() {
        Result open =
                opening(
                        "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"access\": \"rw\"}",
                        "{\"allow\": false, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"r\"}");

        open.failsWith("c 1:11", "c 1:*");
    }

    /** A new cgroup would allow whatever its parent does. */
    @Test
    @Requires(CGROUP_V1)
    void withoutRulesNoOtherDeviceIsAllowed() {
        Result open = DeviceProbe.open(Bundle.busybox().remove("/linux/resources"));

        open.failsWith("Operation not permitted");
    }

    private static Result opening(String... rules) {
        return DeviceProbe.open(DeviceProbe.rules(rules));
    }

    @Test
    @Requires(JRUNC)
    void disabledManagerLeavesTheContainerWhereTheCallerIs() {
        var bundle = Bundle.busybox().args("cat", "/proc/self/cgroup");
        bundle.withoutMount("/sys/fs/cgroup").remove("/linux/resources");
        String id = Sandbox.current().freshId();

        Result seen = bundle.invoke("--cgroup-manager", "disabled", "run", id).run();

        assertFalse(seen.output().contains(id), seen::describe);
        assertEquals(List.of(), Host.cgroups(id));
    }

    @Test
    @Requires(NO_SYSTEMD)
    void systemdManagerWithoutSystemdIsRefused() {
        var bundle = Bundle.busybox().set("/linux/cgroupsPath", "system.slice:it:x").args("true");

        bundle.invoke("--systemd-cgroup", "run", Sandbox.current().freshId())
                .run()
                .failsWith("systemd");
    }

    @Test
    void containerSeesItsOwnCgroupAsRootOfTheNamespace() {
        Result cgroup = Bundle.busybox().namespace("cgroup").run("cat", "/proc/self/cgroup");

        for (String line : cgroup.lines()) {
            assertTrue(line.endsWith(":/"), cgroup::describe);
        }
    }

    @Test
    @Requires(CGROUP_V1)
    void mountShowsTheContainersOwnProcesses() {
        Result procs =
                Bundle.busybox().namespace("cgroup").sh("cat /sys/fs/cgroup/pids/cgroup.procs");

        assertEquals(List.of("1"), procs.lines().subList(0, 1), procs::describe);
    }

    private static String below(String path, String name) {
        return path.equals("/") ? "/" + name : path + "/" + name;
    }

    /** The cgroup paths of a process by controller; the v2 hierarchy is that of "". */
    private static Map<String, String> cgroups(long pid) {
        Map<String, String> cgroups = new TreeMap<>();
        for (String line : Host.proc(pid, "cgroup").orElseThrow().lines().toList()) {
            String[] fields = line.split(":", 3);
            cgroups.put(fields[1], fields[2]);
        }
        return cgroups;
    }
}
