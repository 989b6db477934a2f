// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values longer than a 16-bit length, or with an end in their middle: what follows would have been
 * read as the next field, such as one that takes the user namespace away.
 */
@Requires({ROOT, JRUNC})
@Escape("CVE-2021-43784")
class LongConfigIT {
    private static final int LONG = 70_000;
    private static final int MAPPINGS = 5000;

    @Test
    void tooManyMappingsAreRefused() {
        String maps =
                IntStream.range(0, MAPPINGS)
                        .mapToObj(i -> map(i, 100_000 + i))
                        .collect(Collectors.joining(",", "[", "]"));
        assertTrue(maps.length() > LONG);
        var bundle = confined();

        assertRefused(bundle.json("/linux/uidMappings", maps), "uidMappings|uid_map");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/linux/namespaces/0/path",
                "/root/path",
                "/process/cwd",
                "/process/args/0",
                "/hostname",
                "/linux/cgroupsPath",
                "/linux/mountLabel",
                "/mounts/0/destination",
                "/mounts/0/source",
                "/mounts/0/type"
            })
    void nulOrExcessOfLengthIsRefused(String pointer) {
        for (String value : new String[] {"/a\0uid_map", "/" + "a".repeat(LONG)}) {
            var bundle = confined();

            put(bundle, JsonPointer.compile(pointer), value);

            assertRefused(bundle, ".");
        }
    }

    private static void put(Bundle bundle, JsonPointer pointer, String value) {
        JsonNode parent = bundle.config().at(pointer.head());
        if (parent instanceof ArrayNode list) {
            list.set(pointer.last().getMatchingIndex(), Json.of(value));
        } else {
            ((ObjectNode) parent).put(pointer.last().getMatchingProperty(), value);
        }
    }

    private static Bundle confined() {
        return Bundle.busybox().userNamespace(100_000, 65_536).args("echo", "ran");
    }

    private static String map(int inside, int outside) {
        return "{\"containerID\": " + inside + ", \"hostID\": " + outside + ", \"size\": 1}";
    }

    private static void assertRefused(Bundle bundle, String says) {
        Result run = bundle.invoke("run", Sandbox.current().freshId()).run();

        run.failsWith(says);
        assertEquals("", run.stdout(), run::describe);
    }
}
