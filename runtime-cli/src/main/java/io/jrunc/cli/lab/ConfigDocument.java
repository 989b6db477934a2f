// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jrunc.json.JsonText;
import io.jrunc.json.JsonTree;
import org.jspecify.annotations.Nullable;

/** A config.json whose fields are changed by their names: {@code linux.resources.pids}. */
final class ConfigDocument {
    private final JsonTree.Obj root;

    private ConfigDocument(JsonTree.Obj root) {
        this.root = root;
    }

    static ConfigDocument parse(byte[] json) {
        if (JsonTree.parse(json, "config.json") instanceof JsonTree.Obj root) {
            return new ConfigDocument(root);
        }
        throw new IllegalArgumentException("no object");
    }

    /** Sets a field; objects on the way to it that are missing are made. */
    void set(String field, String json) {
        put(parent(field), last(field), JsonTree.parse(json.getBytes(UTF_8), field));
    }

    /** Removes a field, if it is there. */
    void remove(String field) {
        JsonTree.Obj parent = parent(field);
        int at = parent.names.indexOf(last(field));
        if (at >= 0) {
            parent.names.remove(at);
            parent.values.remove(at);
        }
    }

    private JsonTree.Obj parent(String field) {
        JsonTree.Obj at = root;
        String[] names = field.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            int index = at.names.indexOf(names[i]);
            if (index >= 0 && at.values.get(index) instanceof JsonTree.Obj next) {
                at = next;
            } else {
                JsonTree.Obj made = new JsonTree.Obj();
                put(at, names[i], made);
                at = made;
            }
        }
        return at;
    }

    private static String last(String field) {
        return field.substring(field.lastIndexOf('.') + 1);
    }

    private static void put(JsonTree.Obj object, String name, @Nullable Object value) {
        int index = object.names.indexOf(name);
        if (index >= 0) {
            object.values.set(index, value);
        } else {
            object.names.add(name);
            object.values.add(value);
        }
    }

    byte[] json() {
        JsonText json = JsonText.indented("  ");
        json.tree(root);
        return (json + "\n").getBytes(UTF_8);
    }
}
