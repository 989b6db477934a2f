// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules that depend on the host, and the warnings; the rest is in {@link DocumentsTest}. */
class ValidatorTest {
    private static final HostFacts V2 = new HostFacts(true, false, false, true, false, 40);
    private static final HostFacts V1 = new HostFacts(true, false, false, false, false, 40);
    private static final HostFacts USER = new HostFacts(false, false, false, true, false, 40);
    private static final HostFacts LABELS = new HostFacts(true, true, true, true, false, 40);
    private static final HostFacts SYSTEMD = new HostFacts(true, false, false, true, true, 40);

    @Test
    void labelsAreAcceptedWhereTheyMeanSomething() {
        Spec spec =
                spec(
                        "\"selinuxLabel\": \"s\", \"apparmorProfile\": \"a\"",
                        "\"linux\": {\"mountLabel\": \"m\"}");

        assertEquals(List.of(), Validator.check(spec, LABELS));
    }

    /** What the kernel would cut off would leave another label. */
    @Test
    void labelThatDoesNotFitIntoAPageIsRefused() {
        Spec spec = spec("\"apparmorProfile\": \"" + "a".repeat(4001) + "\"", "\"linux\": {}");

        Failure failure = assertThrows(Failure.class, () -> Validator.check(spec, LABELS));

        assertEquals(
                "process.apparmorProfile: \""
                        + "a".repeat(64)
                        + "…\" is longer than 4000 bytes, of which the kernel takes no more; shorten"
                        + " it",
                failure.getMessage());
    }

    @Test
    void unknownCapabilitiesAreOnlyWarnings() {
        Spec spec =
                spec(
                        """
                        "capabilities": {
                          "bounding": ["CAP_KILL", "CAP_FLY"], "ambient": ["CAP_BPF"]}
                        """,
                        "\"annotations\": {}");

        assertEquals(
                List.of(
                        "process.capabilities.bounding[1]: \"CAP_FLY\" is not a capability,"
                                + " ignoring",
                        "process.capabilities.ambient[0]: \"CAP_BPF\" is newer than this kernel,"
                                + " ignoring"),
                Validator.check(spec, new HostFacts(true, false, false, true, false, 37)));
    }

    @Test
    void ambientCapabilitiesThatCannotBeHadAreNamedInOneWarning() {
        Spec spec =
                spec(
                        """
                        "capabilities": {
                          "permitted": ["CAP_KILL", "CAP_CHOWN"], "inheritable": ["CAP_KILL"],
                          "ambient": ["CAP_KILL", "CAP_CHOWN", "CAP_FOWNER"]}
                        """,
                        "\"annotations\": {}");

        assertEquals(
                List.of(
                        "process.capabilities.ambient: CAP_CHOWN, CAP_FOWNER are not both permitted"
                                + " and inheritable, ignoring"),
                Validator.check(spec, V2));
    }

    @Test
    void aNewerMinorVersionIsOnlyAWarning() {
        assertEquals(
                List.of(
                        "ociVersion: \"1.4.0\" is newer than 1.3.0: what is new in it is unknown"
                                + " here, ignoring"),
                Validator.check(
                        read("{\"ociVersion\": \"1.4.0\", \"root\": {\"path\": \"r\"}}"), V2));
    }

    @Test
    void aRelativeDestinationIsOnlyAWarning() {
        Spec spec = spec("\"env\": []", "\"mounts\": [{\"destination\": \"data\"}]");

        assertEquals(
                List.of(
                        "mounts[0].destination: \"data\" is not absolute, falling back to"
                                + " \"/data\""),
                Validator.check(spec, V2));
    }

    @Test
    void whatOnlyCgroupV1KnowsIsAWarningOnV2() {
        Spec spec =
                spec(
                        "\"env\": []",
                        """
                        "linux": {"resources": {
                          "memory": {"kernel": 1, "kernelTCP": 1, "swappiness": 0,
                                     "disableOOMKiller": true},
                          "cpu": {"realtimeRuntime": 1}}}
                        """);

        assertEquals(5, Validator.check(spec, V2).size());
        assertEquals(
                List.of("linux.resources.memory.kernel: kernels no longer know it, ignoring"),
                Validator.check(spec, V1));
    }

    @Test
    void flagsOfThePersonalityAreWarnings() {
        Spec spec =
                spec(
                        "\"env\": []",
                        """
                        "linux": {"personality": {"domain": "LINUX", "flags": ["X"]}}
                        """);

        assertEquals(
                List.of(
                        "linux.personality.flags: \"X\" is not a flag of the specification,"
                                + " ignoring"),
                Validator.check(spec, V2));
    }

    @Test
    void bandwidthAmongCacheSchemataIsAWarning() {
        Spec spec =
                spec(
                        "\"env\": []",
                        """
                        "linux": {"intelRdt": {"l3CacheSchema": "L3:0=f\\nMB:0=10"}}
                        """);

        assertEquals(
                List.of("linux.intelRdt.l3CacheSchema: \"MB:0=10\" is for memBwSchema, ignoring"),
                Validator.check(spec, V2));
    }

    @Test
    void niceValueThatThePolicyIgnoresIsAWarning() {
        Spec spec =
                spec(
                        "\"scheduler\": {\"policy\": \"SCHED_IDLE\", \"nice\": 5}",
                        "\"annotations\": {}");

        assertEquals(
                List.of("process.scheduler.nice: 5 means nothing to SCHED_IDLE, ignoring"),
                Validator.check(spec, V2));
    }

    @Test
    void unifiedNeedsCgroupV2() {
        Spec spec =
                spec(
                        "\"env\": []",
                        "\"linux\": {\"resources\": {\"unified\": {\"memory.high\": \"1\"}}}");

        assertEquals(List.of(), Validator.check(spec, V2));
        refused(
                "linux.resources.unified: needs cgroup v2, which this host lacks; remove it",
                spec,
                V1);
    }

    @Test
    void onlyRootMovesNetworkDevices() {
        Spec spec =
                spec(
                        "\"env\": []",
                        """
                        "linux": {"namespaces": [{"type": "network"}], "netDevices": {"eth0": {}}}
                        """);

        assertEquals(List.of(), Validator.check(spec, V2));
        refused("linux.netDevices: only root can move network devices; remove it", spec, USER);
    }

    @Test
    void onlyRootIdMapsMounts() {
        Spec spec =
                spec(
                        "\"env\": []",
                        """
                        "mounts": [{"destination": "/a", "source": "/b", "options": ["bind"],
                          "uidMappings": [{"containerID": 0, "hostID": 0, "size": 1}],
                          "gidMappings": [{"containerID": 0, "hostID": 0, "size": 1}]}]
                        """);

        assertEquals(List.of(), Validator.check(spec, V2));
        refused(
                "mounts[0]: only root can make an idmapped mount; remove idmap and the mappings",
                spec,
                USER);
    }

    @Test
    void systemdNeedsSlicePrefixName() {
        for (String good :
                List.of(
                        "system.slice:jrunc:web",
                        ":jrunc:web",
                        "-:jrunc:web",
                        "-.slice:jrunc:web",
                        "a-b.slice::web",
                        "a.slice:x:y.slice")) {
            assertEquals(List.of(), Validator.check(cgroupsPath(good), SYSTEMD), good);
        }
        for (String bad :
                List.of(
                        "/a/b",
                        "a:b",
                        "a.slice:b:c:d",
                        "a.slice:b:",
                        "a:b:c",
                        ".slice:b:c",
                        "-a.slice:b:c",
                        "a-.slice:b:c",
                        "a--b.slice:b:c",
                        "a/b.slice:b:c",
                        "a.slice:b:c/d")) {
            Spec spec = cgroupsPath(bad);
            assertThrows(Failure.class, () -> Validator.check(spec, SYSTEMD), bad);
            assertEquals(List.of(), Validator.check(spec, V2), bad);
        }
    }

    @Test
    void aProcessAloneIsChecked() {
        Spec spec = read("{\"process\": {\"cwd\": \"a\", \"args\": [\"id\"]}}");

        Failure failure =
                assertThrows(
                        Failure.class, () -> Validator.check(Validator.requireProcess(spec), V2));

        assertEquals("process.cwd: \"a\" is not absolute; write \"/a\"", failure.getMessage());
    }

    @Test
    void aMissingProcessIsRefusedWhereItIsNeeded() {
        Spec spec = read("{}");

        Failure failure = assertThrows(Failure.class, () -> Validator.requireProcess(spec));

        assertEquals(
                "process: is missing, so there is nothing to start; add it with args",
                failure.getMessage());
    }

    @Test
    void eachCheckHasItsOwnName() {
        List<String> subjects = Validator.subjects();

        assertEquals(subjects.stream().distinct().toList(), subjects);
    }

    private static void refused(String message, Spec spec, HostFacts host) {
        Failure failure = assertThrows(Failure.class, () -> Validator.check(spec, host));
        assertEquals(message, failure.getMessage());
    }

    private static Spec cgroupsPath(String path) {
        return spec("\"env\": []", "\"linux\": {\"cgroupsPath\": \"" + path + "\"}");
    }

    private static Spec spec(String inProcess, String more) {
        return read(
                "{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"rootfs\"}, \"process\": {"
                        + "\"cwd\": \"/\", \"args\": [\"sh\"], "
                        + inProcess
                        + "}, "
                        + more
                        + "}");
    }

    private static Spec read(String json) {
        return SpecReader.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
