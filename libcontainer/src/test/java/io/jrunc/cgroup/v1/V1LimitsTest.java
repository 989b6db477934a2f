// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import io.jrunc.testkit.FakeCgroup;
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
        "cpu.idle",
        "cpu.cfs_burst_us",
        "cpu.rt_period_us",
        "cpu.rt_runtime_us",
        "blkio.weight",
        "blkio.leaf_weight",
        "blkio.weight_device",
        "blkio.leaf_weight_device",
        "blkio.throttle.read_bps_device",
        "blkio.throttle.write_bps_device",
        "blkio.throttle.read_iops_device",
        "blkio.throttle.write_iops_device",
        "hugetlb.2MB.limit_in_bytes",
        "net_cls.classid",
        "net_prio.ifpriomap",
        "rdma.max",
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

    private List<String> written(String controllers, String resources) {
        return written(new FakeCgroup(directory, ALL), controllers, resources);
    }

    private static List<String> written(FakeCgroup cgroup, String controllers, String resources) {
        List<String> list = List.of(controllers.split(",", -1));
        return cgroup.written((dir, r) -> V1Limits.apply(dir, r, list), resources);
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
                        "{\"memory\": {\"limit\": 1000, \"swap\": 2000, \"reservation\": 500,"
                                + " \"swappiness\": 0, \"disableOOMKiller\": true}}"));
    }

    @Test
    void onlyWhatTheHierarchyControlsIsWritten() {
        String all =
                "{\"memory\": {\"limit\": 1000}, \"pids\": {\"limit\": 0},"
                        + " \"cpu\": {\"shares\": 2, \"quota\": -1, \"period\": 7,"
                        + " \"cpus\": \"1\", \"mems\": \"0\"}}";

        assertEquals(List.of("pids.max 1"), written("pids", all));
        assertEquals(
                List.of("cpu.shares 2", "cpu.cfs_period_us 7", "cpu.cfs_quota_us -1"),
                written("cpu,cpuacct", all));
        assertEquals(List.of("cpuset.cpus 1", "cpuset.mems 0"), written("cpuset", all));
        assertEquals(List.of(), written("name=systemd", all));
        assertEquals(List.of(), written("freezer", all));
    }

    @Test
    void zeroIsNotSet() {
        assertEquals(
                List.of(),
                written(
                        "memory",
                        "{\"memory\": {\"limit\": 0, \"swap\": 0, \"disableOOMKiller\": false}}"));
    }

    @Test
    void deviceRulesAreLinesInTheirOrderAndTheDefaultsFollow() {
        List<String> expected = new ArrayList<>();
        expected.add("devices.deny a"); // always
        expected.add("devices.deny a"); // the first rule
        expected.add("devices.allow c 1:3 r");
        expected.add("devices.allow b *:7 rwm");
        expected.add("devices.allow b 8:* w");
        expected.add("devices.deny c 5:1 rwm");
        expected.addAll(DEFAULT_DEVICES);

        assertEquals(
                expected,
                rules(
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

    /** Otherwise a new cgroup allows what its parent does: everything. */
    @Test
    void withoutRulesOnlyTheDefaultsAreAllowed() {
        List<String> expected = new ArrayList<>(List.of("devices.deny a"));
        expected.addAll(DEFAULT_DEVICES);

        assertEquals(expected, rules("{}"));
    }

    private List<String> rules(String resources) {
        return new FakeCgroup(directory, ALL)
                .written((dir, r) -> DevicesController.apply(dir, r.devices()), resources);
    }

    @Test
    void sumOfMemoryAndSwapIsRaisedBeforeTheLimit() {
        FakeCgroup cgroup =
                new FakeCgroup(directory, ALL).with("memory.memsw.limit_in_bytes", "1500");
        String limits = "{\"memory\": {\"limit\": 1600, \"swap\": 2000}}";

        assertEquals(
                List.of("memory.memsw.limit_in_bytes 2000", "memory.limit_in_bytes 1600"),
                written(cgroup, "memory", limits));
    }

    @Test
    void withoutALimitOfMemoryThereIsNoneOfTheSum() {
        assertEquals(
                List.of("memory.memsw.limit_in_bytes -1", "memory.limit_in_bytes -1"),
                written("memory", "{\"memory\": {\"limit\": -1}}"));
    }

    @Test
    void cpuTimeIsSharedAndBounded() {
        assertEquals(
                List.of(
                        "cpu.idle 1",
                        "cpu.shares 512",
                        "cpu.cfs_period_us 50000",
                        "cpu.cfs_burst_us 1000",
                        "cpu.cfs_quota_us 20000",
                        "cpu.rt_period_us 1000000",
                        "cpu.rt_runtime_us 950000"),
                written(
                        new FakeCgroup(directory, ALL),
                        "cpu",
                        "{\"cpu\": {\"shares\": 512, \"quota\": 20000, \"period\": 50000,"
                                + " \"burst\": 1000, \"idle\": 1, \"realtimePeriod\": 1000000,"
                                + " \"realtimeRuntime\": 950000}}"));
    }

    @Test
    void blockDevicesAreWeighedAndThrottled() {
        String io =
                "{\"blockIO\": {\"weight\": 100, \"leafWeight\": 200,"
                        + " \"weightDevice\": [{\"major\": 8, \"minor\": 0, \"weight\": 300,"
                        + " \"leafWeight\": 400}],"
                        + " \"throttleReadBpsDevice\": [{\"major\": 8, \"minor\": 1, \"rate\": 5}],"
                        + " \"throttleWriteBpsDevice\": [{\"major\": 8, \"minor\": 1, \"rate\": 6}],"
                        + " \"throttleReadIOPSDevice\": [{\"major\": 8, \"minor\": 1, \"rate\": 7}],"
                        + " \"throttleWriteIOPSDevice\": [{\"major\": 8, \"minor\": 1, \"rate\":"
                        + " 18446744073709551615}]}}";

        assertEquals(
                List.of(
                        "blkio.weight 100",
                        "blkio.leaf_weight 200",
                        "blkio.weight_device 8:0 300",
                        "blkio.leaf_weight_device 8:0 400",
                        "blkio.throttle.read_bps_device 8:1 5",
                        "blkio.throttle.write_bps_device 8:1 6",
                        "blkio.throttle.read_iops_device 8:1 7",
                        "blkio.throttle.write_iops_device 8:1 18446744073709551615"),
                written("blkio", io));
        FakeCgroup withBfq =
                new FakeCgroup(directory, ALL)
                        .with("blkio.bfq.weight", "100")
                        .with("blkio.bfq.weight_device", "");
        assertEquals("blkio.bfq.weight 100", written(withBfq, "blkio", io).get(0));
        assertEquals("blkio.bfq.weight_device 8:0 300", written(withBfq, "blkio", io).get(2));
    }

    @Test
    void hugePagesPacketsAndRdmaAreLimited() {
        assertEquals(
                List.of("hugetlb.2MB.limit_in_bytes 4194304"),
                written(
                        "hugetlb",
                        "{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 4194304}]}"));
        String network =
                "{\"network\": {\"classID\": 1048577, \"priorities\":"
                        + " [{\"name\": \"lo\", \"priority\": 5}]}}";
        assertEquals(List.of("net_cls.classid 1048577"), written("net_cls", network));
        assertEquals(List.of("net_prio.ifpriomap lo 5"), written("net_prio", network));
        assertEquals(
                List.of("rdma.max mlx5_1 hca_handle=3 hca_object=10", "rdma.max mlx4 hca_handle=4"),
                written(
                        "rdma",
                        "{\"rdma\": {\"mlx5_1\": {\"hcaHandles\": 3, \"hcaObjects\": 10},"
                                + " \"mlx4\": {\"hcaHandles\": 4}}}"));
    }

    @Test
    void fileThatIsMissingIsNamed() {
        FakeCgroup empty = new FakeCgroup(directory);

        Failure failure =
                assertThrows(
                        Failure.class, () -> written(empty, "pids", "{\"pids\": {\"limit\": 5}}"));

        assertEquals(
                "cgroup has no pids.max; its controller is not available here",
                failure.getMessage());
    }
}
