// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.template;

import io.jrunc.json.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;

/** One object that a template prints: fields by their names, in the order of messages. */
final class Row {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** Adds a text. */
    Row text(String name, String value) {
        fields.put(name, value);
        return this;
    }

    /** Adds a number. */
    Row number(String name, long value) {
        fields.put(name, value);
        return this;
    }

    /** Adds texts by name. */
    Row map(String name, Map<String, String> value) {
        fields.put(name, value);
        return this;
    }

    /** Returns the names of all fields, for messages. */
    String names() {
        return "." + String.join(", .", fields.keySet());
    }

    /** Returns the name as it was added, of a field that is named in any case; empty if none is. */
    String spelled(String name) {
        for (String field : fields.keySet()) {
            if (field.equalsIgnoreCase(name)) {
                return field;
            }
        }
        return "";
    }

    /** Returns a field as text; of a map, entries with commas between them, as Docker does. */
    String shown(String name) {
        Object value = fields.get(name);
        if (!(value instanceof Map<?, ?> map)) {
            return String.valueOf(value);
        }
        StringBuilder text = new StringBuilder();
        map.forEach((key, one) -> text.append(',').append(key).append('=').append(one));
        return text.isEmpty() ? "" : text.substring(1);
    }

    /** Returns the entry of a map; empty if there is none. */
    String entry(String name, String key) {
        return fields.get(name) instanceof Map<?, ?> map && map.get(key) instanceof String text
                ? text
                : "";
    }

    /** Returns a field as JSON. */
    String json(String name) {
        JsonText json = JsonText.compact();
        json.beginObject();
        write(json, name, fields.getOrDefault(name, ""));
        json.endObject();
        String text = json.toString();
        return text.substring(text.indexOf(':') + 1, text.length() - 1);
    }

    /** Returns all fields as JSON. */
    String json() {
        JsonText json = JsonText.compact();
        json.beginObject();
        fields.forEach((name, value) -> write(json, name, value));
        json.endObject();
        return json.toString();
    }

    private static void write(JsonText json, String name, Object value) {
        if (value instanceof Long number) {
            json.number(name, number);
        } else if (value instanceof Map<?, ?> map) {
            json.beginObject(name);
            map.forEach((key, one) -> json.string((String) key, (String) one));
            json.endObject();
        } else {
            json.string(name, (String) value);
        }
    }
}
