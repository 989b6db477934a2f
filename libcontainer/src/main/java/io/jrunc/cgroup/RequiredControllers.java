// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.spec.NetworkClass;
import io.jrunc.spec.Resources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which controllers, by their v1 names, some limits need, and the fields that need them. */
final class RequiredControllers {
    private static final List<String> COUNTING = List.of("cpu", "io", "memory", "pids");

    private final Map<String, String> fields = new LinkedHashMap<>();

    private RequiredControllers() {}

    /** Controllers to fields of {@code linux.resources}; devices are not a limit. */
    static Map<String, String> of(Resources resources) {
        RequiredControllers required = new RequiredControllers();
        required.add(resources.memory().isSet(), "memory", "memory");
        required.add(resources.cpu().hasTime(), "cpu", "cpu");
        required.add(resources.cpu().hasPlaces(), "cpuset", "cpu");
        required.add(resources.pids().limit().isPresent(), "pids", "pids");
        required.add(resources.blockIo().isSet(), "blkio", "blockIO");
        required.add(!resources.hugepageLimits().isEmpty(), "hugetlb", "hugepageLimits");
        NetworkClass network = resources.network();
        required.add(network.classId().orElse(0) != 0, "net_cls", "network.classID");
        required.add(!network.priorities().isEmpty(), "net_prio", "network.priorities");
        required.add(!resources.rdma().isEmpty(), "rdma", "rdma");
        return required.fields;
    }

    /**
     * Returns the controllers to enable for the container's v2 cgroup, by their v2 names: those
     * that limits need, and those for statistics and out-of-memory events.
     */
    static Set<String> unified(Resources resources) {
        Set<String> names = new TreeSet<>(COUNTING);
        for (String controller : of(resources).keySet()) {
            names.add(controller.equals("blkio") ? "io" : controller);
        }
        for (String file : resources.unified().keySet()) {
            names.add(file.substring(0, Math.max(file.indexOf('.'), 0)));
        }
        return names;
    }

    private void add(boolean required, String controller, String field) {
        if (required) {
            fields.put(controller, "linux.resources." + field);
        }
    }
}
