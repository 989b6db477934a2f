// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.rootfs.MountOptions;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Source: runtime-spec features.md, features-linux.md. */
class FeaturesTest {
    private final Features features = Features.ofJrunc("0.1.0", MountOptions.names());
    private final String document = features.pretty();
    private final JsonNode tree = JsonNodes.parse(document.getBytes(StandardCharsets.UTF_8));

    @Test
    void itIsIndentedByFourBlanksAndEndsWithANewline() {
        assertTrue(document.startsWith("{\n    \"ociVersionMin\": \"1.0.0\",\n"), document);
        assertTrue(document.endsWith("\n}\n"), document);
    }

    @Test
    void listsAreComplete() {
        assertEquals(6, tree.at("/hooks").size());
        assertEquals(8, tree.at("/linux/namespaces").size());
        assertEquals(41, tree.at("/linux/capabilities").size());
        assertEquals(9, tree.at("/linux/seccomp/actions").size());
        assertEquals(7, tree.at("/linux/seccomp/operators").size());
        assertEquals("1.3.0", tree.at("/ociVersionMax").asText());
        assertEquals("0.1.0", tree.at("/annotations/io.jrunc.version").asText());
    }

    @Test
    void enginesFindWhatTheyAskFor() {
        assertTrue(tree.at("/linux/cgroup/v2").asBoolean());
        assertTrue(features.mountOptions().contains("rro"));
        assertTrue(tree.at("/linux/mountExtensions/idmap/enabled").asBoolean());
    }

    @Test
    void whatIsOfTheMachineIsKnown() {
        assertEquals(7, tree.at("/linux/memoryPolicy/modes").size());
        assertEquals(3, tree.at("/linux/memoryPolicy/flags").size());
        assertTrue(tree.at("/linux/netDevices/enabled").asBoolean());
        for (String part : new String[] {"enabled", "schemata", "monitoring"}) {
            assertTrue(tree.at("/linux/intelRdt/" + part).asBoolean(), part);
        }
    }

    @Test
    void cgroupsMayBeAskedOfSystemd() {
        assertTrue(tree.at("/linux/cgroup/systemd").asBoolean());
        assertTrue(tree.at("/linux/cgroup/systemdUser").asBoolean());
    }

    @Test
    void whatIsRefusedByNameIsNotClaimed() {
        assertTrue(tree.at("/linux/selinux/enabled").asBoolean());
        assertTrue(tree.at("/linux/apparmor/enabled").asBoolean());
    }
}
