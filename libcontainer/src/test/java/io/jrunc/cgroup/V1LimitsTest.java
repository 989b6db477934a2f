package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Source: kernel documentation, admin-guide/cgroup-v1. */
class V1LimitsTest {
    private static final String[] ALL = {
        "memory.limit_in_bytes",
        "memory.memsw.limit_in_bytes",
        "memory.soft_limit_in_bytes",
        "memory.swappiness",
        "memory.oom_control",
        "cpu.shares",
        "cpu.cfs_quota_us",
        "cpu.cfs_period_us",
        "cpuset.cpus",
        "cpuset.mems",
        "pids.max",
        "devices.allow",
        "devices.deny",
    };

    /** What every container may use, after its own rules. */
    private static final List<String> DEFAULT_DEVICES =
            List.of(
                    "devices.allow c *:* m",
                    "devices.allow b *:* m",
                    "devices.allow c 1:3 rwm",
                    "devices.allow c 1:8 rwm",
                    "devices.allow c 1:7 rwm",
                    "devices.allow c 5:0 rwm",
                    "devices.allow c 1:5 rwm",
                    "devices.allow c 1:9 rwm",
                    "devices.allow c 136:* rwm",
                    "devices.allow c 5:2 rwm",
                    "devices.allow c 10:200 rwm");

    @TempDir Path directory;

    private List<String> written(String controllers, boolean userNamespace, String resources) {
        Hierarchy hierarchy =
                new Hierarchy(List.of(controllers.split(",", -1)), "/sys/fs/cgroup/x", "/");
        return new FakeCgroup(directory, ALL)
                .written((dir, r) -> V1Limits.apply(dir, r, hierarchy, userNamespace), resources);
    }

    @Test
    void memoryLimitComesBeforeMemoryAndSwap() {
        assertEquals(
                List.of(
                        "memory.limit_in_bytes 1000",
                        "memory.memsw.limit_in_bytes 2000",
                        "memory.soft_limit_in_bytes 500",
                        "memory.swappiness 0",
                        "memory.oom_control 1"),
                written(
                        "memory",
                        false,
                        "{\"memory\": {\"limit\": 1000, \"swap\": 2000, \"reservation\": 500,"
                                + " \"swappiness\": 0, \"disableOOMKiller\": true}}"));
        assertEquals(
                List.of("memory.limit_in_bytes -1"),
                written("memory", false, "{\"memory\": {\"limit\": -1}}"));
    }

    @Test
    void onlyWhatTheHierarchyControlsIsWritten() {
        String all =
                "{\"memory\": {\"limit\": 1000}, \"pids\": {\"limit\": 0},"
                        + " \"cpu\": {\"shares\": 2, \"quota\": -1, \"period\": 7,"
                        + " \"cpus\": \"1\", \"mems\": \"0\"}}";

        assertEquals(List.of("pids.max 1"), written("pids", false, all));
        assertEquals(
                List.of("cpu.shares 2", "cpu.cfs_period_us 7", "cpu.cfs_quota_us -1"),
                written("cpu,cpuacct", false, all));
        assertEquals(List.of("cpuset.cpus 1", "cpuset.mems 0"), written("cpuset", false, all));
        assertEquals(List.of(), written("name=systemd", false, all));
        assertEquals(List.of(), written("freezer", false, all));
    }

    @Test
    void zeroIsNotSet() {
        assertEquals(
                List.of(),
                written(
                        "memory",
                        false,
                        "{\"memory\": {\"limit\": 0, \"swap\": 0, \"disableOOMKiller\": false}}"));
    }

    @Test
    void deviceRulesAreLinesInTheirOrderAndTheDefaultsFollow() {
        List<String> expected = new ArrayList<>();
        expected.add("devices.deny a");
        expected.add("devices.allow c 1:3 r");
        expected.add("devices.allow b *:7 rwm");
        expected.add("devices.allow b 8:* w");
        expected.add("devices.deny c 5:1 rwm");
        expected.addAll(DEFAULT_DEVICES);

        assertEquals(
                expected,
                written(
                        "devices",
                        false,
                        "{\"devices\": ["
                                + "{\"allow\": false, \"access\": \"rwm\"},"
                                + "{\"allow\": true, \"type\": \"c\", \"major\": 1,"
                                + " \"minor\": 3, \"access\": \"r\"},"
                                + "{\"allow\": true, \"type\": \"b\", \"minor\": 7,"
                                + " \"major\": -1},"
                                + "{\"allow\": true, \"type\": \"b\", \"major\": 8,"
                                + " \"access\": \"w\"},"
                                + "{\"allow\": false, \"type\": \"c\", \"major\": 5,"
                                + " \"minor\": 1, \"access\": \"\"}]}"));
    }

    @Test
    void inAUserNamespaceDevicesAreLeftAlone() {
        assertEquals(List.of(), written("devices", true, "{\"devices\": [{\"allow\": false}]}"));
    }

    @Test
    void fileThatIsMissingIsNamed() {
        Hierarchy pids = new Hierarchy(List.of("pids"), "/sys/fs/cgroup/pids", "/");
        FakeCgroup empty = new FakeCgroup(directory);

        Failure failure =
                assertThrows(
                        Failure.class,
                        () ->
                                empty.written(
                                        (dir, r) -> V1Limits.apply(dir, r, pids, false),
                                        "{\"pids\": {\"limit\": 5}}"));

        assertEquals(
                "cgroup has no pids.max; its controller is not available here",
                failure.getMessage());
    }
}
