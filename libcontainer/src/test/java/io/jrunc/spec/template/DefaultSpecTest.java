// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.Documents;
import io.jrunc.spec.json.JsonNodes;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DefaultSpecTest {
    @Test
    void itIsThatOfRunc() {
        assertEquals(ofRunc("runc-spec"), tree(DefaultSpec.create(false, 0, 0, false)));
    }

    @Test
    void rootlessItIsThatOfRunc() {
        assertEquals(ofRunc("runc-spec-rootless"), tree(DefaultSpec.create(true, 0, 0, false)));
    }

    @Test
    void itIsLaidOutAsThatOfRunc() throws IOException {
        String runc =
                new String(Documents.bytes(Documents.engine("runc-spec")), StandardCharsets.UTF_8);
        ByteArrayOutputStream written = new ByteArrayOutputStream();

        SpecWriter.write(SpecReader.read(runc.getBytes(StandardCharsets.UTF_8)), written);

        assertEquals(runc, written.toString(StandardCharsets.UTF_8));
    }

    @Test
    void cgroupV2AddsANamespace() {
        assertTrue(hasCgroupNamespace(DefaultSpec.create(false, 0, 0, true)));
        assertFalse(hasCgroupNamespace(DefaultSpec.create(false, 0, 0, false)));
    }

    @Test
    void rootlessMapsTheCaller() {
        Linux linux = DefaultSpec.create(true, 1000, -2, true).linux();

        assertEquals(new IdMapping(0, 1000, 1), linux.uidMappings().get(0));
        assertEquals(new IdMapping(0, 4294967294L, 1), linux.gidMappings().get(0));
    }

    private static boolean hasCgroupNamespace(Spec spec) {
        return spec.linux().namespace(NamespaceType.CGROUP).isPresent();
    }

    /** What runc 1.1.5 wrote, with what we do differently: later runcs leave ambient out, too. */
    private static JsonNode ofRunc(String name) {
        ObjectNode tree = (ObjectNode) JsonNodes.parse(Documents.bytes(Documents.engine(name)));
        tree.put("ociVersion", "1.3.0");
        tree.put("hostname", "jrunc");
        ((ObjectNode) tree.at("/process/capabilities")).remove("ambient");
        return tree;
    }

    private static JsonNode tree(Spec spec) {
        return JsonNodes.parse(SpecWriter.pretty(spec).getBytes(StandardCharsets.UTF_8));
    }
}
