// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.conformance;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The entries of all fields, in the order of the specification. */
public final class Table {
    private static final List<String> PARTS =
            List.of("general", "process", "mounts", "linux", "resources", "seccomp", "hooks");

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private Table() {}

    /** One part of the table. */
    public record Part(String name, List<Entry> entries) {}

    /** All parts. */
    public static List<Part> parts() {
        return PARTS.stream().map(name -> new Part(name, read(name))).toList();
    }

    /** All entries. */
    public static List<Entry> entries() {
        List<Entry> all = new ArrayList<>();
        parts().forEach(part -> all.addAll(part.entries()));
        return all;
    }

    private static List<Entry> read(String name) {
        try (InputStream in = Table.class.getResourceAsStream("/conformance/" + name + ".json")) {
            return Arrays.asList(MAPPER.readValue(in, Entry[].class));
        } catch (IOException e) {
            throw new UncheckedIOException("conformance/" + name + ".json", e);
        }
    }
}
