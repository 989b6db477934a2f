// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Resources;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What systemd is asked for. */
class UnitPropertiesTest {
    private static final SystemdUnit SCOPE =
            new SystemdUnit("system.slice", "jrunc-web1.scope", "unix:path=/bus");
    private static final int NEW = 255;

    private static Resources resources(String json) {
        return SpecReader.readResources(json.getBytes(StandardCharsets.UTF_8), "test");
    }

    private static Map<String, Object> v2(String json, int version) {
        return values(UnitProperties.limits(resources(json), version, true, true));
    }

    private static Map<String, Object> v1(String json) {
        return values(UnitProperties.limits(resources(json), NEW, false, true));
    }

    private static Map<String, Object> values(List<UnitProperty> properties) {
        Map<String, Object> values = new LinkedHashMap<>();
        properties.forEach(property -> values.put(property.name(), property.value()));
        return values;
    }

    private static List<UnitProperty> created(SystemdUnit unit, Map<String, String> annotations) {
        return UnitProperties.create(unit, 77, annotations, Resources.NONE, NEW, true);
    }

    @Test
    void scopeGetsItsFirstProcessAndIsDelegated() {
        Map<String, Object> scope = values(created(SCOPE, Map.of()));

        assertEquals(List.of(77L), scope.get("PIDs"));
        assertEquals("system.slice", scope.get("Slice"));
        assertEquals(true, scope.get("Delegate"));
        assertEquals("inactive-or-failed", scope.get("CollectMode"));
    }

    @Test
    void sliceWantsItsParentAndGetsNoProcess() {
        SystemdUnit unit = new SystemdUnit("a.slice", "a-b.slice", "unix:path=/bus");

        Map<String, Object> slice = values(created(unit, Map.of()));

        assertEquals(List.of("a.slice"), slice.get("Wants"));
        assertEquals(null, slice.get("PIDs"));
        assertEquals(null, slice.get("Delegate"));
    }

    @Test
    void limitsOfV2() {
        assertEquals(
                Map.of(
                        "MemoryMax", 1000L,
                        "MemoryLow", 500L,
                        "MemorySwapMax", 200L,
                        "CPUWeight", 100L,
                        "CPUQuotaPeriodUSec", 50000L,
                        "CPUQuotaPerSecUSec", 510000L,
                        "AllowedCPUs", List.of(5L, 1L),
                        "AllowedMemoryNodes", List.of(1L),
                        "IOWeight", 4950L,
                        "TasksMax", 7L),
                v2(
                        """
                        {"memory": {"limit": 1000, "reservation": 500, "swap": 1200},
                         "cpu": {"shares": 1024, "quota": 25100, "period": 50000, "cpus": "0,2,8", "mems": "0"},
                         "blockIO": {"weight": 500}, "pids": {"limit": 7}}
                        """,
                        NEW));
    }

    @Test
    void minusOneIsInfinity() {
        assertEquals(
                Map.of("MemoryMax", -1L, "MemorySwapMax", -1L, "TasksMax", -1L),
                v2("{\"memory\": {\"limit\": -1}, \"pids\": {\"limit\": -1}}", NEW));
        assertEquals(Map.of("CPUQuotaPerSecUSec", -1L), v2("{\"cpu\": {\"quota\": -1}}", NEW));
    }

    @Test
    void absentAndZeroAskForNothing() {
        assertEquals(Map.of(), v2("{}", NEW));
        assertEquals(
                Map.of(),
                v2("{\"memory\": {\"limit\": 0}, \"cpu\": {\"shares\": 0, \"quota\": 0}}", NEW));
    }

    @Test
    void blockDevicesHaveWeightsAndRates() {
        String json =
                """
                {"blockIO": {"weightDevice": [{"major": 8, "minor": 0, "weight": 500}],
                 "throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 1000}],
                 "throttleWriteBpsDevice": [{"major": 8, "minor": 0, "rate": 0},
                                            {"major": 8, "minor": 16, "rate": 7}],
                 "throttleReadIOPSDevice": [{"major": 8, "minor": 0, "rate": 10}],
                 "throttleWriteIOPSDevice": [{"major": 8, "minor": 0, "rate": 20}]}}
                """;
        String disk = "/dev/block/8:0";

        assertEquals(
                Map.of(
                        "IODeviceWeight", List.of(List.of(disk, 4950L)),
                        "IOReadBandwidthMax", List.of(List.of(disk, 1000L)),
                        "IOWriteBandwidthMax",
                                List.of(List.of(disk, -1L), List.of("/dev/block/8:16", 7L)),
                        "IOReadIOPSMax", List.of(List.of(disk, 10L)),
                        "IOWriteIOPSMax", List.of(List.of(disk, 20L))),
                v2(json, NEW));
        Map<String, Object> v1 = v1(json);
        assertEquals(List.of(List.of(disk, 500L)), v1.get("BlockIODeviceWeight"));
        assertEquals(List.of(List.of(disk, 1000L)), v1.get("BlockIOReadBandwidth"));
    }

    @Test
    void filesThatArePropertiesToo() {
        String json =
                "{\"unified\": {\"cpu.max\": \"25000 50000\", \"cpu.idle\": \"1\","
                        + " \"memory.zswap.max\": \"max\", \"memory.oom.group\": \"1\"}}";

        assertEquals(
                Map.of(
                        "CPUQuotaPeriodUSec", 50000L,
                        "CPUQuotaPerSecUSec", 500000L,
                        "CPUWeight", 0L,
                        "MemoryZSwapMax", -1L),
                v2(json, NEW));
        assertEquals(
                Map.of("CPUQuotaPeriodUSec", 50000L, "CPUQuotaPerSecUSec", 500000L), v2(json, 251));
        assertEquals(
                Map.of("CPUQuotaPerSecUSec", -1L),
                v2("{\"unified\": {\"cpu.max\": \"max\"}}", NEW));
    }

    @Test
    void oomGroupIsSetWhenTheUnitIsMade() {
        Resources together = resources("{\"unified\": {\"memory.oom.group\": \"1\"}}");
        Resources alone = resources("{\"unified\": {\"memory.oom.group\": \"0\"}}");

        assertEquals("kill", policy(together, 253));
        assertEquals("continue", policy(alone, 253));
        assertEquals(null, policy(Resources.NONE, 253));
        assertEquals(null, policy(together, 252));
    }

    private static Object policy(Resources resources, int version) {
        return values(UnitProperties.create(SCOPE, 77, Map.of(), resources, version, true))
                .get("OOMPolicy");
    }

    @Test
    void devicesThatDidNotChangeAreNotNamed() {
        List<UnitProperty> unchanged =
                UnitProperties.limits(resources("{\"pids\": {\"limit\": 7}}"), NEW, false, false);

        assertEquals(Map.of("TasksMax", 7L), values(unchanged));
    }

    @Test
    void noTasksWouldBeNoContainer() {
        assertEquals(Map.of("TasksMax", 1L), v2("{\"pids\": {\"limit\": 0}}", NEW));
    }

    @Test
    void olderSystemdsAreNotAskedForWhatTheyDoNotKnow() {
        String json =
                "{\"cpu\": {\"cpus\": \"0\", \"mems\": \"0\", \"quota\": 50000, \"period\": 100000}}";

        assertEquals(Map.of("CPUQuotaPerSecUSec", 500000L), v2(json, 241));
        assertEquals(
                Map.of("CPUQuotaPerSecUSec", 500000L, "CPUQuotaPeriodUSec", 100000L),
                v2(json, 243));
        assertEquals(Map.of("CPUWeight", 0L), v2("{\"cpu\": {\"idle\": 1}}", 252));
        assertEquals(Map.of(), v2("{\"cpu\": {\"idle\": 1}}", 251));
    }

    @Test
    void unifiedFilesThatArePropertiesAreAsWell() {
        assertEquals(
                Map.of("MemoryHigh", 4096L, "MemoryMin", -1L, "TasksMax", 9L),
                v2(
                        """
                        {"unified": {"memory.high": "4096", "memory.min": "max", "pids.max": "9",
                                     "io.latency": "8:0 target=5"}}
                        """,
                        NEW));
        Failure failure =
                assertThrows(
                        Failure.class, () -> v2("{\"unified\": {\"memory.high\": \"4G\"}}", NEW));
        assertEquals(
                "linux.resources.unified: \"4G\" is not a number; write bytes, without a unit, or"
                        + " max",
                failure.getMessage());
    }

    @Test
    void limitsOfV1() {
        Map<String, Object> limits =
                v1(
                        """
                        {"memory": {"limit": 1000}, "cpu": {"shares": 512}, "pids": {"limit": 3},
                         "blockIO": {"weight": 500}}
                        """);
        assertEquals(1000L, limits.get("MemoryLimit"));
        assertEquals(512L, limits.get("CPUShares"));
        assertEquals(500L, limits.get("BlockIOWeight"));
        assertEquals(3L, limits.get("TasksMax"));
    }

    @Test
    void devicesOfV1AreAllowedOneByOne() {
        Map<String, Object> limits =
                v1(
                        """
                        {"devices": [
                          {"allow": false, "access": "rwm"},
                          {"allow": true, "type": "c", "major": 10, "minor": 229, "access": "rw"},
                          {"allow": true, "type": "b", "major": 8, "access": "r"},
                          {"allow": true, "type": "c", "minor": 3, "access": "r"},
                          {"allow": true, "type": "c", "major": 1, "minor": 11, "access": "r"},
                          {"allow": false, "type": "c", "major": 1, "minor": 11, "access": "r"}]}
                        """);

        assertEquals("strict", limits.get("DevicePolicy"));
        List<?> entries = (List<?>) limits.get("DeviceAllow");
        assertEquals(
                List.of(
                        List.of("/dev/char/10:229", "rw"),
                        List.of("block-8", "r"),
                        List.of("char-*", "m"),
                        List.of("block-*", "m"),
                        List.of("/dev/char/1:3", "rwm")),
                entries.subList(0, 5));
    }

    @Test
    void allDevicesNeedNoList() {
        Map<String, Object> limits = v1("{\"devices\": [{\"allow\": true, \"access\": \"rwm\"}]}");

        assertEquals(Map.of("DevicePolicy", "auto"), limits);
    }

    private static UnitProperty annotated(String name, String text) {
        List<UnitProperty> all = created(SCOPE, Map.of("org.systemd.property." + name, text));
        return all.get(all.size() - 1);
    }

    @Test
    void annotationsArePropertiesInGvariantText() {
        assertEquals(UnitProperty.text("KillMode", "process"), annotated("KillMode", "'process'"));
        assertEquals(UnitProperty.flag("SendSIGHUP", true), annotated("SendSIGHUP", "true"));
        assertEquals(UnitProperty.number("MemoryHigh", 5), annotated("MemoryHigh", "uint64 5"));
        assertEquals(new UnitProperty("KillSignal", "i", 15L), annotated("KillSignal", " 15 "));
        assertEquals(
                UnitProperty.texts("After", "a.service", "b"),
                annotated("After", "['a.service', \"b\"]"));
        assertEquals(
                new UnitProperty("IOReadBandwidthMax", "a(st)", List.of(List.of("/", 5L))),
                annotated("IOReadBandwidthMax", "[('/', uint64 5)]"));
        assertEquals(new UnitProperty("After", "as", List.of()), annotated("After", "@as []"));
    }

    @Test
    void secondsBecomeMicroseconds() {
        assertEquals(
                UnitProperty.number("TimeoutStopUSec", 1_500_000),
                annotated("TimeoutStopSec", "1.5"));
        assertEquals(
                UnitProperty.number("TimeoutStopUSec", 2_000_000),
                annotated("TimeoutStopSec", "2"));
    }

    @Test
    void invalidPropertyIsRefused() {
        for (String bad : List.of("", "'open", "[1, 'a']", "[]", "(1", "nonsense", "1 2")) {
            assertThrows(Failure.class, () -> annotated("KillMode", bad), bad);
        }
        assertThrows(Failure.class, () -> annotated("Ab", "1"));
        assertThrows(Failure.class, () -> annotated("Kill-Mode", "1"));
        assertThrows(Failure.class, () -> annotated("TimeoutStopSec", "'2'"));
    }

    @Test
    void structuresBecomeArraysOnTheBus() {
        Object value = BusValues.of("a(sa(ss)t)", List.of(List.of("x", List.of(), -1L)));

        Object[] structure = (Object[]) ((List<?>) value).get(0);
        assertEquals("x", structure[0]);
        assertEquals("18446744073709551615", structure[2].toString());
    }

    @Test
    void usersAreNumberedAsOutside() {
        String map = "         0       1000          1\n         1     100000      65536\n";

        assertEquals(1000, HostUid.outside(0, map));
        assertEquals(100004, HostUid.outside(5, map));
        assertEquals(0, HostUid.outside(0, "         0          0 4294967295\n"));
    }

    /** Files are written after limits: what they say counts, here as there, once and alone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'pids':{'limit':20} | 'pids.max':'10' | TasksMax | 10",
                "'memory':{'limit':4096} | 'memory.max':'8192' | MemoryMax | 8192",
                "'memory':{'reservation':4096} | 'memory.low':'8192' | MemoryLow | 8192",
                "'memory':{'limit':4096,'swap':8192} | 'memory.swap.max':'5' | MemorySwapMax | 5",
                "'cpu':{'shares':1024} | 'cpu.weight':'7' | CPUWeight | 7",
                "'cpu':{'shares':1024} | 'cpu.weight.nice':'5' | CPUWeight | 33",
                "'cpu':{'shares':1024} | 'cpu.idle':'1' | CPUWeight | 0",
                "'cpu':{'quota':20000,'period':100000} | 'cpu.max':'10000 50000'"
                        + " | CPUQuotaPeriodUSec | 50000",
                "'cpu':{'quota':50000,'period':100000} | 'cpu.max':'10000 100000'"
                        + " | CPUQuotaPerSecUSec | 100000",
                "'cpu':{'quota':50000,'period':100000} | 'cpu.max':'max' | CPUQuotaPerSecUSec | -1",
                "'cpu':{'cpus':'0'} | 'cpuset.cpus':'1' | AllowedCPUs | [2]",
                "'cpu':{'mems':'0'} | 'cpuset.mems':'1' | AllowedMemoryNodes | [2]",
                "'blockIO':{'weight':10} | 'io.weight':'default 200' | IOWeight | 200",
                "'blockIO':{'weightDevice':[{'major':8,'minor':0,'weight':10}]}"
                        + " | 'io.weight':'8:0 300' | IODeviceWeight | [[/dev/block/8:0, 300]]",
                "'blockIO':{'throttleReadBpsDevice':[{'major':8,'minor':0,'rate':9}]}"
                        + " | 'io.max':'8:0 rbps=5 wiops=max' | IOReadBandwidthMax"
                        + " | [[/dev/block/8:0, 5]]",
                "'blockIO':{'throttleWriteIOPSDevice':[{'major':8,'minor':0,'rate':9}]}"
                        + " | 'io.max':'8:0 rbps=5 wiops=max' | IOWriteIOPSMax"
                        + " | [[/dev/block/8:0, -1]]"
            })
    void fileCountsMoreThanTheLimitOfAnotherName(
            String limit, String file, String property, String value) {
        String json = "{" + limit + ",'unified':{" + file + "}}";

        List<UnitProperty> all =
                UnitProperties.limits(resources(json.replace('\'', '"')), NEW, true, true);

        List<String> told =
                all.stream()
                        .filter(one -> one.name().equals(property))
                        .map(one -> one.value().toString())
                        .toList();
        assertEquals(value, told.get(told.size() - 1), all::toString);
        // Entries for devices add up, and the last for a device counts.
        assertTrue(told.size() == 1 || value.startsWith("[["), all::toString);
    }
}
