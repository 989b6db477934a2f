// SPDX-License-Identifier: Apache-2.0
package io.jrunc.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Which fields documents have and which values those have, by path: the elements of a list share
 * one, e.g. {@code mounts[].options[]}.
 */
final class Vocabulary {
    private final Map<String, List<String>> fields = new TreeMap<>();
    private final Map<String, List<JsonNode>> values = new TreeMap<>();

    void learn(JsonNode document) {
        learn("", document);
    }

    private void learn(String path, JsonNode node) {
        if (node instanceof ArrayNode array) {
            array.forEach(element -> remember(elements(path), element));
        } else if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                List<String> known = fields.computeIfAbsent(path, any -> new ArrayList<>());
                if (!known.contains(field.getKey())) {
                    known.add(field.getKey());
                }
                remember(below(path, field.getKey()), field.getValue());
            }
        }
    }

    private void remember(String path, JsonNode value) {
        values.computeIfAbsent(path, any -> new ArrayList<>()).add(value);
        learn(path, value);
    }

    /** The path of all elements of the list at {@code path}. */
    static String elements(String path) {
        return path + "[]";
    }

    /** The path of {@code field} of the object at {@code path}. */
    static String below(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /** A field that an object at {@code path} had somewhere; null if none had any. */
    String field(String path, Random random) {
        List<String> known = fields.getOrDefault(path, List.of());
        return known.isEmpty() ? null : known.get(random.nextInt(known.size()));
    }

    /** A copy of a value that was at {@code path} somewhere; null if there was none. */
    JsonNode value(String path, Random random) {
        List<JsonNode> known = values.getOrDefault(path, List.of());
        return known.isEmpty() ? null : known.get(random.nextInt(known.size())).deepCopy();
    }
}
