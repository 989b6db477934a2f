// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Json;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All fields that the runtime knows: those it writes after reading the documents that the tests of
 * the reader have for every field.
 */
final class KnownFields {
    private static final Path DOCUMENTS =
            Path.of("..", "libcontainer", "src", "test", "resources", "spec", "good");

    /** Objects whose keys are names that the user gives. */
    private static final Set<String> MAPS =
            Set.of(
                    "annotations",
                    "linux.sysctl",
                    "linux.netDevices",
                    "linux.resources.rdma",
                    "linux.resources.unified",
                    "linux.timeOffsets");

    private KnownFields() {}

    static Set<String> read() {
        Set<String> fields = new TreeSet<>();
        try (Stream<Path> documents = Files.walk(DOCUMENTS)) {
            for (Path document : documents.filter(f -> f.toString().endsWith(".json")).toList()) {
                String json = SpecWriter.compact(SpecReader.read(Files.readAllBytes(document)));
                collect("", Json.parse(json), fields);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fields;
    }

    private static void collect(String path, JsonNode node, Set<String> fields) {
        if (node.isArray()) {
            node.forEach(element -> collect(path, element, fields));
            if (node.isEmpty() || !node.get(0).isObject()) {
                fields.add(general(path));
            }
        } else if (MAPS.contains(path)) {
            fields.add(general(path));
            node.forEach(value -> below(path, value, fields));
        } else if (node.isObject()) {
            below(path, node, fields);
        } else {
            fields.add(general(path));
        }
    }

    /** All hooks have the same fields. */
    private static String general(String path) {
        return path.replaceFirst("^hooks\\.\\w+\\.", "hooks.*.");
    }

    private static void below(String path, JsonNode node, Set<String> fields) {
        String parent = path.isEmpty() ? "" : path + ".";
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            collect(parent + field.getKey(), field.getValue(), fields);
        }
    }
}
