// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program whose file has inheritable capabilities gets those that are in this set, for any user:
 * so the set must be empty by default. capabilities(7).
 */
@Requires(ROOT)
class InheritableIT {
    @ParameterizedTest
    @ValueSource(strings = {"spec", "spec --rootless"})
    @Escape("CVE-2022-24769")
    void templateHasNoInheritableCapabilities(String command) throws IOException {
        Path directory = Sandbox.current().freshDirectory("spec");

        Sandbox.current().runtime(List.of(command.split(" ", -1))).in(directory).run().output();

        JsonNode spec = Json.parse(Files.readString(directory.resolve("config.json")));
        assertTrue(spec.at("/process/capabilities/bounding").size() > 0, spec::toString);
        assertEquals(0, spec.at("/process/capabilities/inheritable").size(), spec::toString);
    }

    @Test
    @Escape("CVE-2022-24769")
    void containerHasNoneThatWasNotRequested() {
        Result look = Bundle.busybox().run("grep", "CapInh", "/proc/self/status");

        assertEquals("CapInh:\t0000000000000000", look.output());
    }

    @Test
    @Escape({"CVE-2022-29162", "CVE-2022-27650"})
    void capabilityThatExecGivesIsNotInheritable() {
        var container = Bundle.busybox().start("sleep", "60");

        Result status =
                container.exec("--cap", "CAP_SYS_TIME", "grep", "^Cap", "/proc/self/status");

        assertEquals(
                List.of(
                        "CapInh:\t0000000000000000",
                        "CapPrm:\t0000000022000420",
                        "CapEff:\t0000000022000420",
                        "CapBnd:\t0000000022000420",
                        "CapAmb:\t0000000000000000"),
                status.lines());
    }
}
