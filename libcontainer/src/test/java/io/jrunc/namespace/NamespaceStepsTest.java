// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.setup.Step;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which process joins which namespaces. */
class NamespaceStepsTest {
    private static NamespaceSteps steps(String namespaces) {
        String json =
                """
                {"ociVersion": "1.0.0", "linux": {"namespaces": [%s]}}
                """
                        .formatted(namespaces);
        return new NamespaceSteps(SpecReader.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void initJoinsTheCgroupNamespaceFromWithinItsCgroup() {
        NamespaceSteps steps =
                steps(
                        """
                        {"type": "cgroup", "path": "/cgroup"}, {"type": "ipc", "path": "/ipc"}
                        """);

        assertEquals(Optional.of("join /ipc"), steps.joinNamespaces().map(Step::title));
        assertEquals("create init", steps.createInit().title());
        assertEquals(Optional.of("join /cgroup"), steps.joinCgroupNamespace().map(Step::title));
    }

    @Test
    void stageJoinsTheCgroupNamespaceBesideAUserNamespace() {
        NamespaceSteps steps =
                steps(
                        """
                        {"type": "cgroup", "path": "/cgroup"}, {"type": "user", "path": "/user"}
                        """);

        assertEquals(Optional.of("join /cgroup /user"), steps.joinNamespaces().map(Step::title));
        assertEquals(Optional.empty(), steps.joinCgroupNamespace());
    }
}
