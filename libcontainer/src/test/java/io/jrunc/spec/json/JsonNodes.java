// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Documents as data binding sees them, to compare with what our own reader made of them. */
public final class JsonNodes {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final Set<String> FOREIGN = Set.of("windows", "solaris", "vm", "zos", "freebsd");

    private JsonNodes() {}

    public static JsonNode parse(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Removes what stands for an absent field, and what the reader ignores: null, false, empty
     * strings, lists and objects, root as user, wildcards, sections for other platforms, names with
     * {@code x-}.
     */
    static JsonNode withoutAbsent(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (isIgnored(name, withoutAbsent(object.get(name)))) {
                    object.remove(name);
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(JsonNodes::withoutAbsent);
        }
        return node;
    }

    private static boolean isIgnored(String name, JsonNode value) {
        boolean wildcard =
                (name.equals("type") && value.asText().equals("a"))
                        || (List.of("major", "minor").contains(name) && value.asInt() == -1)
                        || (name.equals("nanosecs") && value.asInt() == 0);
        boolean root =
                name.equals("user")
                        && value.size() == 2
                        && value.path("uid").asInt(-1) == 0
                        && value.path("gid").asInt(-1) == 0;
        return wildcard
                || root
                || name.startsWith("x-")
                || FOREIGN.contains(name)
                || value.isNull()
                || (value.isBoolean() && !value.asBoolean())
                || (value.isTextual() && value.asText().isEmpty())
                || (value.isContainerNode() && value.isEmpty() && !name.startsWith("eth"));
    }
}
