// SPDX-License-Identifier: Apache-2.0
package io.jrunc.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.jrunc.linux.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document as plain values: {@link Obj}, {@link List}, {@link Num}, {@link String}, {@link
 * Boolean} and null.
 *
 * <p>The streaming parser alone is used: data binding costs a cold JVM a quarter of a second.
 */
public final class JsonTree {
    /** Deeper than any real document, and shallow enough for a small stack. */
    private static final int MAX_DEPTH = 200;

    private static final JsonFactory FACTORY = new JsonFactory();

    private static final int SHOWN_CHARACTERS = 64;

    private JsonTree() {}

    /** An object: names and values side by side, in the order of the document. */
    public static final class Obj {
        public final List<String> names = new ArrayList<>();
        public final List<@Nullable Object> values = new ArrayList<>();
    }

    /** A number, kept as text: nothing is lost, and no BigDecimal is needed. */
    public static final class Num {
        public final String text;
        public final boolean whole;

        Num(String text, boolean whole) {
            this.text = text;
            this.whole = whole;
        }
    }

    /**
     * Parses the one value that {@code json} holds.
     *
     * @param file names the document in messages
     */
    public static @Nullable Object parse(byte[] json, String file) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() == null) {
                throw Failure.invalid(file, "the document is empty", "write a JSON object");
            }
            Object value = value(parser, file, 0);
            if (parser.nextToken() != null) {
                throw Failure.invalid(
                        file,
                        place(parser.currentTokenLocation()) + "text follows the end",
                        "remove it");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw Failure.invalid(file, place(e.getLocation()) + sentence(e));
        } catch (IOException e) {
            // Reading from memory, so the bytes themselves are at fault: not UTF-8, -16 or -32.
            throw Failure.invalid(file, "not Unicode text: " + e.getMessage());
        }
    }

    private static @Nullable Object value(JsonParser parser, String file, int depth)
            throws IOException {
        if (depth > MAX_DEPTH) {
            throw Failure.invalid(
                    file,
                    place(parser.currentTokenLocation()) + "nested too deep",
                    "nest at most " + MAX_DEPTH + " lists and objects");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser, file, depth + 1);
            case START_ARRAY -> list(parser, file, depth + 1);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> new Num(parser.getText(), true);
            case VALUE_NUMBER_FLOAT -> new Num(parser.getText(), false);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalStateException("not the start of a value: " + token);
        };
    }

    private static Obj object(JsonParser parser, String file, int depth) throws IOException {
        Obj object = new Obj();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.names.add(name);
            object.values.add(value(parser, file, depth));
        }
        return object;
    }

    private static List<@Nullable Object> list(JsonParser parser, String file, int depth)
            throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser, file, depth));
        }
        return list;
    }

    private static String place(JsonLocation at) {
        return at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
    }

    /** Returns the parser's own words on one line, in lower case, without its full stop. */
    private static String sentence(JsonProcessingException e) {
        String words = String.valueOf(e.getOriginalMessage()).replace('\n', ' ');
        int origin = words.indexOf(", from `"); // names a Java class: no use to a reader
        if (origin > 0) {
            words = words.substring(0, origin) + ')';
        }
        return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }

    /** Returns the value as it may stand in a message: shortened, strings in quotes. */
    public static String describe(@Nullable Object value) {
        if (value instanceof Obj) {
            return "an object";
        }
        if (value instanceof List) {
            return "a list";
        }
        String text = value instanceof Num number ? number.text : String.valueOf(value);
        if (text.length() > SHOWN_CHARACTERS) {
            text = text.substring(0, SHOWN_CHARACTERS) + '…';
        }
        if (!(value instanceof String)) {
            return text;
        }
        StringBuilder quoted = new StringBuilder();
        JsonText.quote(text, quoted);
        return quoted.toString();
    }
}
