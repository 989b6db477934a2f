// SPDX-License-Identifier: Apache-2.0
package io.jrunc.json;

import io.jrunc.json.JsonTree.Num;
import io.jrunc.json.JsonTree.Obj;
import java.util.List;

/** Writes a {@link JsonTree} with the layout of {@link JsonText}, numbers as they were read. */
public final class JsonTreeText {
    private JsonTreeText() {}

    /** Appends {@code value}, which stands {@code depth} objects and lists deep. */
    public static void append(StringBuilder out, Object value, int depth) {
        if (value instanceof Obj object) {
            append(out, object, depth);
        } else if (value instanceof List<?> list) {
            append(out, list, depth);
        } else if (value instanceof Num number) {
            out.append(number.text);
        } else if (value instanceof String text) {
            JsonText.quote(text, out);
        } else {
            out.append(value); // true, false, null
        }
    }

    private static void append(StringBuilder out, Obj object, int depth) {
        out.append('{');
        for (int i = 0; i < object.names.size(); i++) {
            out.append(i == 0 ? "" : ",");
            newLine(out, depth + 1);
            JsonText.quote(object.names.get(i), out);
            out.append(": ");
            append(out, object.values.get(i), depth + 1);
        }
        if (!object.names.isEmpty()) {
            newLine(out, depth);
        }
        out.append('}');
    }

    private static void append(StringBuilder out, List<?> list, int depth) {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "" : ",");
            newLine(out, depth + 1);
            append(out, list.get(i), depth + 1);
        }
        if (!list.isEmpty()) {
            newLine(out, depth);
        }
        out.append(']');
    }

    private static void newLine(StringBuilder out, int depth) {
        out.append('\n').append("\t".repeat(depth));
    }
}
