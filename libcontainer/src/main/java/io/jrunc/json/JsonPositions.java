// SPDX-License-Identifier: Apache-2.0
package io.jrunc.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.jrunc.linux.Failure;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * In which line of a document each value begins. Made by a second pass over a document that has
 * been parsed, for those few commands that show lines.
 */
public final class JsonPositions {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final Map<String, String> scalars = new LinkedHashMap<>();

    private JsonPositions() {}

    /**
     * Reads a document that {@link JsonTree#parse} accepts.
     *
     * @param file names the document in messages
     */
    public static JsonPositions of(byte[] json, String file) {
        JsonPositions positions = new JsonPositions();
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            positions.value(parser, "", parser.currentTokenLocation().getLineNr());
        } catch (IOException e) {
            throw Failure.invalid(file, "is not JSON: " + e.getMessage());
        }
        return positions;
    }

    /** A member begins with its name, an element with its value. */
    private void value(JsonParser parser, String path, int line) throws IOException {
        lines.putIfAbsent(path, line);
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                int begin = parser.currentTokenLocation().getLineNr();
                parser.nextToken();
                value(parser, path.isEmpty() ? name : path + "." + name, begin);
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                value(parser, path + "[" + i + "]", parser.currentTokenLocation().getLineNr());
            }
        } else {
            scalars.putIfAbsent(path, parser.getText());
        }
    }

    /**
     * Returns the line of a field, such as {@code mounts[3].options}; if it is absent, that of the
     * innermost object or list around it. The first line is 1.
     */
    public int line(String field) {
        String path = field;
        while (!lines.containsKey(path)) {
            int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
            path = end < 0 ? "" : path.substring(0, end);
        }
        return lines.get(path);
    }

    /** Returns whether the document has this field. */
    public boolean has(String field) {
        return lines.containsKey(field);
    }

    /** Returns the strings, numbers and so on at or below a field, by their fields, in order. */
    public Map<String, String> below(String field) {
        Map<String, String> found = new LinkedHashMap<>();
        scalars.forEach(
                (path, value) -> {
                    if (path.equals(field)
                            || path.startsWith(field + ".")
                            || path.startsWith(field + "[")) {
                        found.put(path, value);
                    }
                });
        return found;
    }
}
