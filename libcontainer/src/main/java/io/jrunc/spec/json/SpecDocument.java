// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.json.JsonText;
import io.jrunc.json.JsonTree;
import io.jrunc.json.JsonTree.Obj;
import io.jrunc.linux.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code config.json} in which some values are changed. Everything else stays: the order, the
 * sections for other platforms, and unknown properties, which records would lose.
 *
 * <p>Places are JSON pointers: {@code /process/user/uid}, {@code /mounts/0/options}. RFC 6901;
 * names with a slash or a tilde do not occur.
 */
public final class SpecDocument {
    private static final String FILE = "config.json";

    private final Obj root;

    private SpecDocument(Obj root) {
        this.root = root;
    }

    /** Reads a document. */
    public static SpecDocument parse(byte[] json) {
        if (JsonTree.parse(json, FILE) instanceof Obj root) {
            return new SpecDocument(root);
        }
        throw Failure.invalid(FILE, "is no object", "write a JSON object");
    }

    /** Puts what {@code json} says at {@code pointer}, in place of what is there. */
    public void set(String pointer, String json) {
        Object value = JsonTree.parse(json.getBytes(StandardCharsets.UTF_8), pointer);
        put(parent(pointer), lastOf(pointer), value);
    }

    /** Appends what {@code json} says to the list at {@code pointer}, which is made if absent. */
    public void append(String pointer, String json) {
        Object value = JsonTree.parse(json.getBytes(StandardCharsets.UTF_8), pointer);
        Object holder = parent(pointer);
        Object list = get(holder, lastOf(pointer));
        if (list == null) {
            list = new ArrayList<>();
            put(holder, lastOf(pointer), list);
        }
        asList(pointer, list).add(value);
    }

    /** Removes all strings {@code text} from the list at {@code pointer}, if there is one. */
    public void remove(String pointer, String text) {
        Object list = get(parent(pointer), lastOf(pointer));
        if (list != null) {
            asList(pointer, list).removeIf(text::equals);
        }
    }

    /** Returns the strings of the list at {@code pointer}; none if it is absent. */
    public List<String> strings(String pointer) {
        List<String> strings = new ArrayList<>();
        if (get(parent(pointer), lastOf(pointer)) instanceof List<?> list) {
            list.forEach(element -> strings.add(String.valueOf(element)));
        }
        return strings;
    }

    /** Returns the document in UTF-8, indented by tabs, as {@code spec} writes it. */
    public byte[] text() {
        JsonText json = JsonText.indented("\t");
        json.tree(root);
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns what holds the last part of {@code pointer}; objects on the way are made. */
    private Object parent(String pointer) {
        String[] parts = pointer.split("/", -1);
        Object at = root;
        for (int i = 1; i < parts.length - 1; i++) {
            Object next = get(at, parts[i]);
            if (next == null) {
                next = new Obj();
                put(at, parts[i], next);
            }
            at = next;
        }
        return at;
    }

    private static String lastOf(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    private static @Nullable Object get(Object holder, String name) {
        if (holder instanceof List<?> list) {
            return list.get(Integer.parseInt(name));
        }
        Obj object = (Obj) holder;
        // As the reader: of two members with one name, the last counts.
        int at = object.names.lastIndexOf(name);
        return at < 0 ? null : object.values.get(at);
    }

    private static void put(Object holder, String name, @Nullable Object value) {
        if (holder instanceof List<?>) {
            asList(name, holder).set(Integer.parseInt(name), value);
            return;
        }
        Obj object = (Obj) holder;
        int at = object.names.lastIndexOf(name);
        if (at < 0) {
            object.names.add(name);
            object.values.add(value);
        } else {
            object.values.set(at, value);
        }
    }

    @SuppressWarnings("unchecked") // JsonTree makes lists of objects
    private static List<Object> asList(String pointer, Object value) {
        if (value instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw Failure.invalid(pointer, "is no list");
    }
}
