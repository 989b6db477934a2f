package io.jrunc.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.setup.Step;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who joins and creates which namespaces, and when. */
class StageStepsTest {
    private static List<String> titles(String namespaces) {
        String json =
                """
                {"ociVersion": "1.0.0", "linux": {"namespaces": [%s]}}
                """
                        .formatted(namespaces);
        return StageSteps.of(SpecReader.read(json.getBytes(StandardCharsets.UTF_8))).stream()
                .map(Step::title)
                .toList();
    }

    @Test
    void initJoinsTheCgroupNamespaceItselfFromWithinItsCgroup() {
        assertEquals(
                List.of(
                        "start the stage, a process that is told what to do",
                        "join /ipc",
                        "create init",
                        "join /cgroup"),
                titles(
                        """
                        {"type": "cgroup", "path": "/cgroup"}, {"type": "ipc", "path": "/ipc"}
                        """));
    }

    @Test
    void stageJoinsAllIfTheRuntimeMovesInitLater() {
        assertEquals(
                List.of(
                        "start the stage, a process that is told what to do",
                        "join /cgroup /user",
                        "create init"),
                titles(
                        """
                        {"type": "cgroup", "path": "/cgroup"}, {"type": "user", "path": "/user"}
                        """));
    }
}
