// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code info} says of this host is what containers meet here. */
@Requires({ROOT, JRUNC, SETPRIV})
class InfoIT {
    /** A document that needs what may be missing, by its name there. */
    private static final Map<String, String[]> NEEDS =
            Map.of(
                    "rdma",
                    new String[] {"/linux/resources/rdma", "{\"mlx5\": {\"hcaHandles\": 3}}"},
                    "hugetlb",
                    new String[] {
                        "/linux/resources/hugepageLimits", "[{\"pageSize\": \"2MB\", \"limit\": 0}]"
                    },
                    "pids",
                    new String[] {"/linux/resources/pids", "{\"limit\": 10}"},
                    "resctrl",
                    new String[] {"/linux/intelRdt", "{\"l3CacheSchema\": \"L3:0=f\"}"},
                    "AppArmor or SELinux",
                    new String[] {"/process/apparmorProfile", "\"no-such-profile\""});

    private static JsonNode info() {
        return Json.parse(Sandbox.current().runtime("info", "--format", "json").run().output());
    }

    @Test
    void kernelAndNamespacesAreThoseOfThisHost() throws IOException {
        JsonNode info = info();

        assertEquals(
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                info.at("/kernel/release").asText());
        List<String> actions = new ArrayList<>();
        info.at("/seccomp/actions").forEach(action -> actions.add(action.asText()));
        assertEquals(
                Files.readString(Path.of("/proc/sys/kernel/seccomp/actions_avail")).strip(),
                String.join(" ", actions));
        assertEquals(
                Files.exists(Path.of("/proc/self/ns/time")),
                info.at("/namespaces/types").toString().contains("\"time\""));
        assertEquals("yes", info.at("/jrunc/archive").asText());
    }

    /** Also the other way round: what is not called missing is not refused. */
    @Test
    void whatIsMissingIsRefused() {
        List<String> missing = new ArrayList<>();
        info().at("/missing").forEach(one -> missing.add(one.at("/name").asText()));

        for (Map.Entry<String, String[]> need : NEEDS.entrySet()) {
            Bundle bundle = Bundle.busybox().json(need.getValue()[0], need.getValue()[1]);
            Result run = bundle.run("true");
            if (missing.contains(need.getKey())) {
                assertEquals(1, run.status(), run::describe);
            } else if (need.getKey().equals("hugetlb") || need.getKey().equals("pids")) {
                assertEquals(0, run.status(), run::describe);
            }
        }
    }

    @Test
    void ordinaryUserMayAskAndLacksMore() {
        Result info =
                Sandbox.current()
                        .runtime("info", "--format", "json")
                        .under(OrdinaryUser.become())
                        .run();

        JsonNode theirs = Json.parse(info.output());
        assertTrue(theirs.at("/missing").size() > info().at("/missing").size(), info::describe);
        assertEquals(0, theirs.at("/cgroup/settable").size(), info::describe);
    }

    @Test
    void textNamesEachLackWithItsConsequence() {
        String text = Sandbox.current().runtime("info").run().output();

        for (JsonNode lack : info().at("/missing")) {
            assertTrue(
                    text.contains(
                            "  missing: "
                                    + lack.at("/name").asText()
                                    + "\n    "
                                    + lack.at("/consequence").asText()),
                    text);
        }
        assertFalse(text.contains("null"), text);
    }

    @Test
    void unknownFormatIsRefused() {
        Sandbox.current().runtime("info", "--format", "xml").run().failsWith("xml");
    }
}
