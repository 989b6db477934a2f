package io.jrunc.it;

import static io.jrunc.it.Feature.CGROUP_V1;
import static io.jrunc.it.Feature.JRUNC;
import static io.jrunc.it.Feature.NO_SYSTEMD;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @Test
    void relativePathIsBelowTheCallers() {
        String name = Sandbox.current().token() + "-relative";

        Container container = Bundle.busybox().set("/linux/cgroupsPath", name).start("sleep", "60");

        Map<String, String> expected = cgroups(ProcessHandle.current().pid());
        expected.replaceAll((hierarchy, path) -> below(path, name));
        assertEquals(expected, cgroups(container.pid()));
    }

    @Test
    void absolutePathIsBelowTheMountPoint() {
        String path = "/" + Sandbox.current().token() + "-absolute";

        Container container = Bundle.busybox().set("/linux/cgroupsPath", path).start("sleep", "60");

        Map<String, String> actual = cgroups(container.pid());
        actual.values().forEach(cgroup -> assertEquals(path, cgroup, actual::toString));
    }

    @Test
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

    /** Without a pid namespace nobody else would end them. */
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

    @ParameterizedTest
    @Requires(CGROUP_V1)
    @CsvSource({
        "memory, memory.limit_in_bytes, 67108864, memory/limit, 67108864",
        "memory, memory.soft_limit_in_bytes, 33554432, memory/reservation, 33554432",
        "pids, pids.max, 17, pids/limit, 17",
        "pids, pids.max, max, pids/limit, -1",
        "cpu, cpu.shares, 512, cpu/shares, 512",
        "cpu, cpu.cfs_quota_us, 50000, cpu/quota, 50000",
        "cpu, cpu.cfs_period_us, 200000, cpu/period, 200000",
        "cpuset, cpuset.cpus, 0, cpu/cpus, 0",
        "cpuset, cpuset.mems, 0, cpu/mems, 0"
    })
    void limitIsWritten(String controller, String file, String expected, String field, String value)
            throws IOException {
        var bundle = Bundle.busybox();
        boolean text = field.endsWith("cpus") || field.endsWith("mems");
        bundle.set("/linux/resources/" + field, text ? value : Json.parse(value));

        Container container = bundle.create("true");

        String path = cgroups(container.pid()).get(controller);
        Path written = Path.of(MOUNTS + "/" + controller + path, file);
        assertEquals(expected, Files.readString(written).strip());
    }

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

    @Test
    @Requires(CGROUP_V1)
    void deviceThatIsNotAllowedCannotBeOpened() {
        Result open = opening();

        assertEquals("made\n", open.stdout());
        open.failsWith("Operation not permitted");
    }

    @Test
    @Requires(CGROUP_V1)
    void deviceThatIsAllowedIsOpened() {
        Result open =
                opening(
                        "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"rw\"}");

        assertEquals("made\nopened\n", open.stdout(), open::describe);
    }

    @Test
    @Requires(CGROUP_V1)
    void laterRuleForADeviceCounts() {
        Result open =
                opening(
                        "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"rw\"}",
                        "{\"allow\": false, \"type\": \"c\", \"major\": 1, \"minor\": 11, \"access\": \"r\"}");

        open.failsWith("Operation not permitted");
    }

    /** Makes and opens the kernel's log, c 1:11, by these rules. */
    private static Result opening(String... rules) {
        var bundle = Bundle.busybox().mount("/scratch", "tmpfs", "tmpfs");
        bundle.capabilities("CAP_MKNOD", "CAP_SYSLOG");
        bundle.json("/linux/resources/devices", "[{\"allow\": false, \"access\": \"rwm\"}]");
        for (String rule : rules) {
            bundle.add("/linux/resources/devices", Json.parse(rule));
        }
        return bundle.sh("mknod /scratch/k c 1 11 && echo made && : < /scratch/k && echo opened");
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
