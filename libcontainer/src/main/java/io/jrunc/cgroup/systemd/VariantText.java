// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads GVariant text: numbers, booleans, strings, and arrays and tuples of them. Source: GLib, <i>
 * GVariant Text Format</i>. Not dictionaries, variants and maybes, which no property of a unit has.
 */
final class VariantText {
    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("boolean", "b"),
                    Map.entry("byte", "y"),
                    Map.entry("int16", "n"),
                    Map.entry("uint16", "q"),
                    Map.entry("int32", "i"),
                    Map.entry("uint32", "u"),
                    Map.entry("int64", "x"),
                    Map.entry("uint64", "t"),
                    Map.entry("double", "d"),
                    Map.entry("string", "s"),
                    Map.entry("objectpath", "o"),
                    Map.entry("signature", "g"));

    private final String field;
    private final String text;
    private int at;

    private VariantText(String field, String text) {
        this.field = field;
        this.text = text;
    }

    static Variant parse(String field, String text) {
        VariantText reader = new VariantText(field, text);
        Variant variant = reader.value("");
        reader.blanks();
        if (reader.at < text.length()) {
            throw reader.invalid();
        }
        return variant;
    }

    /** Reads a value; {@code type} is that of an annotation, "" if the value decides itself. */
    private Variant value(String type) {
        blanks();
        char c = peek();
        if (c == '\'' || c == '"') {
            require("sog".contains(type));
            return new Variant(type.isEmpty() ? "s" : type, string());
        }
        if (c == '[') {
            return array(type);
        }
        if (c == '(') {
            return tuple();
        }
        if (c == '@') {
            int start = ++at;
            while (!Character.isWhitespace(peek())) {
                at++;
            }
            return value(text.substring(start, at));
        }
        String word = word();
        if (TYPES.containsKey(word)) {
            return value(TYPES.get(word));
        }
        if (word.equals("true") || word.equals("false")) {
            require("b".contains(type));
            return new Variant("b", word.equals("true"));
        }
        return number(type, word);
    }

    private Variant number(String type, String word) {
        require("ynqiuxtd".contains(type));
        boolean real = type.equals("d") || type.isEmpty() && word.matches("[-+0-9]*\\.[0-9]*.*");
        try {
            if (real) {
                return new Variant("d", Double.parseDouble(word));
            }
            boolean unsigned = type.equals("t") && !word.startsWith("-");
            long number = unsigned ? Long.parseUnsignedLong(word) : Long.decode(word);
            return new Variant(type.isEmpty() ? "i" : type, number);
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    private Variant array(String type) {
        String element = type.startsWith("a") ? type.substring(1) : "";
        List<Object> values = new ArrayList<>();
        at++;
        blanks();
        while (peek() != ']') {
            Variant one = value(element.startsWith("(") ? "" : element);
            element = element.isEmpty() ? one.signature() : element;
            if (!element.equals(one.signature())) {
                throw invalid();
            }
            values.add(one.value());
            separator(']');
        }
        at++;
        if (element.isEmpty()) {
            throw invalid(); // an empty array needs its type: @as []
        }
        return new Variant("a" + element, values);
    }

    private Variant tuple() {
        StringBuilder signature = new StringBuilder("(");
        List<Object> values = new ArrayList<>();
        at++;
        blanks();
        while (peek() != ')') {
            Variant one = value("");
            signature.append(one.signature());
            values.add(one.value());
            separator(')');
        }
        at++;
        return new Variant(signature.append(')').toString(), values);
    }

    private void separator(char end) {
        blanks();
        if (peek() == ',') {
            at++;
            blanks();
        } else if (peek() != end) {
            throw invalid();
        }
    }

    private String string() {
        char quote = text.charAt(at++);
        StringBuilder string = new StringBuilder();
        while (peek() != quote) {
            if (peek() == '\\') {
                at++;
            }
            string.append(peek());
            at++;
        }
        at++;
        return string.toString();
    }

    private String word() {
        int start = at;
        while (at < text.length() && " \t,[]()'\"@".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            throw invalid();
        }
        return text.substring(start, at);
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private void require(boolean good) {
        if (!good) {
            throw invalid();
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw invalid();
        }
        return text.charAt(at);
    }

    private Failure invalid() {
        return Failure.invalid(
                field,
                text + " is not a value in GVariant's text format",
                "write for example uint64 5, true, 'text' or ['a', 'b']");
    }
}
