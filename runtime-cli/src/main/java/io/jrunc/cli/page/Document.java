// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.page;

import io.jrunc.json.JsonPositions;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A {@code config.json} and its lines.
 *
 * @param name as the caller names it
 */
public record Document(String name, byte[] json, JsonPositions positions) {
    /** One that is valid JSON. */
    public static Document of(String name, byte[] json) {
        return new Document(name, json, JsonPositions.of(json, name));
    }

    List<String> lines() {
        return new String(json, StandardCharsets.UTF_8).lines().toList();
    }

    int line(String field) {
        return positions.line(field);
    }
}
