// SPDX-License-Identifier: Apache-2.0
package io.jrunc.json;

import io.jrunc.json.JsonTree.Num;
import io.jrunc.json.JsonTree.Obj;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON with the layout of Go's {@code json.Marshal} and {@code json.MarshalIndent}, which
 * the readers of our output know.
 *
 * <p>Each method adds one member to the open object, or, where the name is missing, one element to
 * the open list.
 */
public final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder();
    private final String indent;
    private int depth;
    private boolean first = true;

    private JsonText(String indent) {
        this.indent = indent;
    }

    /** Returns all on one line, without blanks. */
    public static JsonText compact() {
        return new JsonText("");
    }

    /** Returns a line for each member and element, indented by so many times {@code indent}. */
    public static JsonText indented(String indent) {
        return new JsonText(indent);
    }

    /** Opens an object: the document itself or an element. */
    public void beginObject() {
        next();
        open('{');
    }

    /** Opens the object {@code name}. */
    public void beginObject(String name) {
        name(name);
        open('{');
    }

    /** Closes the innermost object. */
    public void endObject() {
        close('}');
    }

    /** Opens a list: the document itself or an element. */
    public void beginList() {
        next();
        open('[');
    }

    /** Opens the list {@code name}. */
    public void beginList(String name) {
        name(name);
        open('[');
    }

    /** Closes the innermost list. */
    public void endList() {
        close(']');
    }

    /** Adds a string. */
    public void string(String name, String value) {
        name(name);
        quote(value, out);
    }

    /** Adds a string if there is one. */
    public void stringIfAny(String name, Optional<String> value) {
        if (value.isPresent()) {
            string(name, value.get());
        }
    }

    /** Adds a list of strings if there are any. */
    public void stringsIfAny(String name, List<String> values) {
        if (!values.isEmpty()) {
            strings(name, values);
        }
    }

    /** Adds a number. */
    public void number(String name, long value) {
        name(name);
        out.append(value);
    }

    /** Adds a number of 64 bits without sign. */
    public void unsigned(String name, long value) {
        name(name);
        out.append(Long.toUnsignedString(value));
    }

    /** Adds a fraction, without a useless ".0". */
    public void decimal(String name, double value) {
        name(name);
        String text = Double.toString(value);
        out.append(text.endsWith(".0") ? text.substring(0, text.length() - 2) : text);
    }

    /** Adds null. */
    public void nothing(String name) {
        name(name);
        out.append("null");
    }

    /** Adds true or false. */
    public void bool(String name, boolean value) {
        name(name);
        out.append(value);
    }

    /** Adds a list of strings. */
    public void strings(String name, List<String> values) {
        beginList(name);
        values.forEach(this::element);
        endList();
    }

    /** Adds an object of strings. */
    public void map(String name, Map<String, String> values) {
        beginObject(name);
        for (Map.Entry<String, String> entry : values.entrySet()) {
            string(entry.getKey(), entry.getValue());
        }
        endObject();
    }

    /** Adds a number to the open list. */
    public void element(long value) {
        next();
        out.append(value);
    }

    /** Adds a string to the open list. */
    public void element(String value) {
        next();
        quote(value, out);
    }

    /** Adds an object of a {@link JsonTree}. Numbers stay as they were read. */
    public void tree(Obj object) {
        next();
        value(object);
    }

    private void value(@Nullable Object value) {
        if (value instanceof Obj object) {
            open('{');
            for (int i = 0; i < object.names.size(); i++) {
                name(object.names.get(i));
                value(object.values.get(i));
            }
            close('}');
        } else if (value instanceof List<?> list) {
            open('[');
            for (Object element : list) {
                next();
                value(element);
            }
            close(']');
        } else if (value instanceof Num number) {
            out.append(number.text);
        } else if (value instanceof String text) {
            quote(text, out);
        } else {
            out.append(value); // true, false, null
        }
    }

    /** Returns what was written so far; a document once everything is closed. */
    @Override
    public String toString() {
        return out.toString();
    }

    private void name(String name) {
        next();
        quote(name, out);
        out.append(indent.isEmpty() ? ":" : ": ");
    }

    private void next() {
        if (!first) {
            out.append(',');
        }
        if (depth > 0) {
            newLine();
        }
        first = false;
    }

    private void open(char bracket) {
        out.append(bracket);
        depth++;
        first = true;
    }

    private void close(char bracket) {
        depth--;
        if (!first) {
            newLine();
        }
        out.append(bracket);
        first = false;
    }

    private void newLine() {
        if (indent.isEmpty()) {
            return;
        }
        out.append('\n');
        for (int i = 0; i < depth; i++) {
            out.append(indent);
        }
    }

    /** Appends {@code value} in quotes, with what JSON and UTF-8 cannot carry escaped. */
    static void quote(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (c == '\r') {
                out.append("\\r");
            } else if (c < ' ' || c == 0x7f || loneSurrogate(value, i)) {
                escape(c, out);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static boolean loneSurrogate(String value, int at) {
        char c = value.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return Character.isLowSurrogate(c)
                && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }

    private static void escape(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt((c >> shift) & 0xf));
        }
    }
}
