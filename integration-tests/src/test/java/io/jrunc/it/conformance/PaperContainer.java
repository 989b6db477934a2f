// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cgroup.Hierarchy;
import io.jrunc.container.Containers;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.host.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.spec.template.DefaultSpec;
import io.jrunc.validate.HostFacts;
import io.jrunc.validate.Validator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container of the default specification, changed, made on paper: no call is made. */
final class PaperContainer {
    private static final int LAST_CAPABILITY = 40;

    private static final Hierarchies V2 =
            new Hierarchies(List.of(new Hierarchy(List.of(), "/sys/fs/cgroup", "/")));

    private static final Hierarchies V1 =
            new Hierarchies(
                    List.of(
                            v1("cpu"),
                            v1("cpuset"),
                            v1("memory"),
                            v1("devices"),
                            v1("pids"),
                            v1("blkio"),
                            v1("hugetlb"),
                            v1("rdma"),
                            v1("net_cls"),
                            v1("net_prio"),
                            v1("freezer")));

    private PaperContainer() {}

    private static Hierarchy v1(String controller) {
        return new Hierarchy(List.of(controller), "/sys/fs/cgroup/" + controller, "/");
    }

    /** What {@code jrunc spec} writes, without a terminal. */
    static ObjectNode defaults() {
        Spec spec = DefaultSpec.create(false, 0, 0, true);
        ObjectNode document = (ObjectNode) Json.parse(SpecWriter.compact(spec));
        ((ObjectNode) document.get("process")).put("terminal", false);
        return document;
    }

    /** The default specification with the changes, as the runtime reads it; checked. */
    static Spec read(Map<String, JsonNode> changes) {
        Spec spec = SpecReader.read(document(changes));
        Validator.check(spec, facts(true));
        return spec;
    }

    private static byte[] document(Map<String, JsonNode> changes) {
        ObjectNode document = defaults();
        Change.apply(document, changes);
        return document.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Which system calls would make it, as strace(1) prints them; on cgroup v2 or v1. */
    static List<String> calls(Map<String, JsonNode> changes, boolean pureV2) {
        byte[] config = document(changes);
        Spec spec = SpecReader.read(config);
        Hierarchies hierarchies = pureV2 ? V2 : V1;
        Bundle bundle = new Bundle("/bundle", config, spec, List.of());
        CgroupManager cgroups = CgroupManager.cgroupfs(false, false);
        List<String> calls = new ArrayList<>();
        Host host = new Host(facts(pureV2), hierarchies, Optional.of("/sys/fs/resctrl"));
        for (ExplainedStep step : Containers.explain("web1", bundle, host, cgroups)) {
            calls.addAll(step.calls());
        }
        return calls;
    }

    private static HostFacts facts(boolean pureV2) {
        return new HostFacts(true, true, true, pureV2, false, LAST_CAPABILITY);
    }
}
