// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cgroup.SystemdManager;
import io.jrunc.container.Hosts;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.linux.Failure;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.resctrl.ResctrlGroup;
import io.jrunc.setup.Plan;
import io.jrunc.setup.Step;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.Documents;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.spec.template.DefaultSpec;
import io.jrunc.testkit.Golden;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Plans as golden text: process, step, field, and the details of mounts. */
class ContainerPlanTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LAST_CAPABILITY = 40;

    private static Plan plan(Spec spec, Hierarchies hierarchies) {
        return ContainerPlan.of(
                        spec,
                        Hosts.state(),
                        Hosts.cgroups(spec, hierarchies),
                        CreateOptions.plain(),
                        LAST_CAPABILITY)
                .steps();
    }

    private static String text(Plan plan) {
        StringBuilder text = new StringBuilder();
        for (Plan.Line line : plan.lines()) {
            Step step = line.step();
            text.append(String.format("%-8s", step.actor().word()));
            text.append(step.title()).append("  [").append(step.field()).append("]\n");
            if (step.toString().contains("options=MountOptions")) {
                text.append("        ").append(withoutAbsent(step.toString())).append('\n');
            }
        }
        return text.toString();
    }

    /** A record's text without fields that are empty or false. */
    private static String withoutAbsent(String record) {
        return record.replaceAll("\\w+=(\\[\\]|false|Optional\\.empty)(, )?", "")
                .replace(", ]", "]");
    }

    private static void assertPlan(String name, Spec spec, Hierarchies hierarchies) {
        Golden.assertMatches("plans/" + name + ".txt", text(plan(spec, hierarchies)));
    }

    private static Spec defaultSpec(boolean cgroupV2) {
        return DefaultSpec.create(false, 0, 0, cgroupV2);
    }

    /** The default specification with changes. */
    private static Spec changed(Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) MAPPER.readTree(SpecWriter.pretty(defaultSpec(false)));
        change.accept(json);
        return SpecReader.read(MAPPER.writeValueAsBytes(json));
    }

    private static Spec engine(String name) {
        return SpecReader.read(Documents.bytes(Documents.engine(name)));
    }

    private static ObjectNode namespace(ObjectNode spec, String type) {
        for (var namespace : spec.get("linux").get("namespaces")) {
            if (namespace.get("type").asText().equals(type)) {
                return (ObjectNode) namespace;
            }
        }
        return spec.withObject("/linux").withArray("namespaces").addObject().put("type", type);
    }

    @Test
    void defaultSpecificationOnV2() {
        assertPlan("default-v2", defaultSpec(true), Hosts.V2);
    }

    @Test
    void defaultSpecificationOnV1() {
        assertPlan("default-v1", defaultSpec(false), Hosts.V1);
    }

    @Test
    void defaultSpecificationOnAHybridHost() {
        assertPlan("default-hybrid", defaultSpec(false), Hosts.HYBRID);
    }

    /** The default specification with annotations and a user, on v2. */
    private static Spec annotated(String... annotations) throws IOException {
        return changed(
                json -> {
                    namespace(json, "cgroup");
                    json.withObject("/process/user").put("uid", 1000);
                    for (String name : annotations) {
                        json.withObject("/annotations").put(name, name.replaceAll(".*[.-]", ""));
                    }
                });
    }

    @Test
    void delegatedCgroup() throws IOException {
        assertPlan("delegated-cgroup", annotated("run.oci.delegate-cgroup"), Hosts.V2);
    }

    @Test
    void delegatedCgroupInASubgroupOfAUnit() throws IOException {
        Spec spec = annotated("run.oci.systemd.subgroup", "run.oci.delegate-cgroup");
        CgroupSetup cgroups =
                CgroupManager.systemd(false, SystemdManager.system(name -> ""))
                        .place(Hosts.V2, spec.linux(), "web1")
                        .annotated(spec);

        Plan plan =
                ContainerPlan.of(
                                spec,
                                Hosts.state(),
                                cgroups,
                                CreateOptions.plain(),
                                LAST_CAPABILITY)
                        .steps();

        Golden.assertMatches("plans/delegated-subgroup.txt", text(plan));
    }

    @Test
    void neitherIsThereOnV1OrWithoutACgroupNamespace() throws IOException {
        Spec spec = annotated("run.oci.delegate-cgroup");
        Spec host =
                changed(
                        json ->
                                json.withObject("/annotations")
                                        .put("run.oci.delegate-cgroup", "a"));

        Failure v1 = assertThrows(Failure.class, () -> Hosts.cgroups(spec, Hosts.V1));
        Failure hybrid = assertThrows(Failure.class, () -> Hosts.cgroups(spec, Hosts.HYBRID));
        Failure outside = assertThrows(Failure.class, () -> Hosts.cgroups(host, Hosts.V2));

        assertTrue(v1.getMessage().contains("nothing but cgroup v2"), v1.getMessage());
        assertEquals(v1.getMessage(), hybrid.getMessage());
        assertTrue(outside.getMessage().contains("needs a cgroup namespace"), outside.getMessage());
    }

    @Test
    void documentOfDocker() {
        assertPlan("docker-run", engine("docker-run"), Hosts.V1);
    }

    @Test
    void documentOfContainerd() {
        assertPlan("ctr-run", engine("ctr-run"), Hosts.V2);
    }

    @Test
    void documentOfPodmanWithAUserNamespace() {
        assertPlan("podman-userns", engine("podman-userns"), Hosts.V2);
    }

    @Test
    void rootlessDocumentOfRunc() {
        Spec spec = engine("runc-spec-rootless");

        Plan plan =
                ContainerPlan.of(
                                spec,
                                Hosts.state(),
                                CgroupSetup.disabled(),
                                CreateOptions.plain(),
                                LAST_CAPABILITY)
                        .steps();

        Golden.assertMatches("plans/runc-spec-rootless.txt", text(plan));
    }

    @Test
    void joinedNamespaces() throws IOException {
        Spec spec =
                changed(
                        json -> {
                            namespace(json, "network").put("path", "/run/netns/web");
                            namespace(json, "ipc").put("path", "/proc/7/ns/ipc");
                            namespace(json, "user").put("path", "/proc/7/ns/user");
                            json.withObject("/linux")
                                    .putArray("uidMappings")
                                    .addObject()
                                    .put("containerID", 0)
                                    .put("hostID", 1000)
                                    .put("size", 1);
                            json.withObject("/linux/sysctl")
                                    .put("net.ipv4.ip_forward", "1")
                                    .put("net.ipv4.ip_default_ttl", "9")
                                    .put("fs.mqueue.msg_max", "7");
                        });

        assertPlan("joined-namespaces", spec, Hosts.V2);
    }

    @Test
    void timeOffsets() throws IOException {
        Spec spec =
                changed(
                        json -> {
                            namespace(json, "time");
                            json.withObject("/linux/timeOffsets/boottime").put("secs", 86400);
                        });

        assertPlan("time-offsets", spec, Hosts.V2);
    }

    @Test
    void networkDevices() throws IOException {
        Spec spec =
                changed(
                        json -> {
                            json.withObject("/linux/netDevices/eth1").put("name", "lan0");
                            json.withObject("/linux/netDevices/eth2");
                            json.withObject("/linux/sysctl").put("net.ipv4.ip_forward", "1");
                            json.withObject("/hooks")
                                    .putArray("createRuntime")
                                    .addObject()
                                    .put("path", "/bin/hook");
                        });

        assertPlan("net-devices", spec, Hosts.V2);
    }

    @Test
    void resctrlGroup() throws IOException {
        Spec spec =
                changed(
                        json ->
                                json.withObject("/linux/intelRdt")
                                        .put("enableMonitoring", true)
                                        .put("l3CacheSchema", "L3:0=f"));
        var group =
                ResctrlGroup.of(
                        LocalKernel.get(),
                        Optional.of("/sys/fs/resctrl"),
                        spec.linux().intelRdt().orElseThrow(),
                        "web1");
        Plan plan =
                ContainerPlan.of(
                                spec,
                                Hosts.state(group),
                                Hosts.cgroups(spec, Hosts.V2),
                                CreateOptions.plain(),
                                LAST_CAPABILITY)
                        .steps();

        Golden.assertMatches("plans/resctrl.txt", text(plan));
    }

    @Test
    void everythingAProcessMayAskFor() throws IOException {
        Spec spec =
                changed(
                        json -> {
                            json.withObject("/process").put("terminal", true);
                            json.withObject("/process").put("oomScoreAdj", 500);
                            json.withObject("/process/user").put("uid", 1000).put("gid", 100);
                            json.withObject("/process").putArray("env").add("HOME=/home/web");
                            json.withObject("/linux/sysctl").put("kernel.msgmax", "65536");
                            json.put("domainname", "example.org");
                            json.withObject("/process/scheduler").put("policy", "SCHED_BATCH");
                            json.withObject("/process/ioPriority")
                                    .put("class", "IOPRIO_CLASS_BE")
                                    .put("priority", 6);
                            json.withObject("/linux/personality").put("domain", "LINUX32");
                            json.withObject("/linux/memoryPolicy")
                                    .put("mode", "MPOL_BIND")
                                    .put("nodes", "0");
                        });

        assertPlan("process", spec, Hosts.V2);
    }

    @Test
    void labels() throws IOException {
        Spec spec =
                changed(
                        json -> {
                            json.withObject("/process")
                                    .put("apparmorProfile", "web")
                                    .put("selinuxLabel", "system_u:system_r:container_t:s0:c1,c2");
                            json.withObject("/linux")
                                    .put(
                                            "mountLabel",
                                            "system_u:object_r:container_file_t:s0:c1,c2");
                        });

        assertPlan("labels", spec, Hosts.V2);
    }

    @Test
    void sharedRoot() throws IOException {
        Spec spec = changed(json -> json.withObject("/linux").put("rootfsPropagation", "rshared"));

        assertPlan("shared-root", spec, Hosts.V2);
    }

    @Test
    void devOfTheHost() throws IOException {
        Spec spec =
                changed(
                        json ->
                                json.withArray("mounts")
                                        .removeAll()
                                        .addObject()
                                        .put("destination", "/dev")
                                        .put("type", "bind")
                                        .put("source", "/dev")
                                        .putArray("options")
                                        .add("rbind"));

        assertPlan("dev-of-the-host", spec, Hosts.V2);
    }

    @Test
    void withoutCgroupsThereIsNothingToJoinOrShow() {
        Plan plan =
                ContainerPlan.of(
                                defaultSpec(false),
                                Hosts.state(),
                                CgroupSetup.disabled(),
                                CreateOptions.plain(),
                                LAST_CAPABILITY)
                        .steps();

        assertFalse(text(plan).contains("cgroup"), () -> text(plan));
    }

    @Test
    void everyStepSaysWhatCausesIt() {
        for (Plan.Line line : plan(engine("docker-run"), Hosts.V1).lines()) {
            Step step = line.step();
            assertTrue(
                    step.field().equals("always")
                            || step.field().matches("(process|root|linux|mounts|hostname|hooks).*"),
                    step::toString);
            assertFalse(step.title().isBlank());
        }
    }

    @Test
    void documentOfPodman() {
        assertPlan("podman-run", engine("podman-run"), Hosts.V2);
    }

    @Test
    void whatNeedsAMountNamespaceIsRefusedWithoutOne() throws IOException {
        Spec spec = changed(json -> json.withObject("/linux").putArray("namespaces"));

        Failure failure = assertThrows(Failure.class, () -> plan(spec, Hosts.V2));

        assertEquals("linux.maskedPaths", failure.path());
    }

    @Test
    void dataForABindMountIsRefused() throws IOException {
        Spec spec =
                changed(
                        json ->
                                json.withArray("mounts")
                                        .addObject()
                                        .put("destination", "/data")
                                        .put("source", "/data")
                                        .putArray("options")
                                        .add("bind")
                                        .add("size=5"));

        Failure failure = assertThrows(Failure.class, () -> plan(spec, Hosts.V2));

        assertTrue(
                failure.getMessage()
                        .endsWith("\"size=5\" means nothing for a bind mount; remove it"),
                failure.getMessage());
    }
}
