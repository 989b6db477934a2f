// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.json.JsonTree;
import io.jrunc.json.JsonTree.Num;
import io.jrunc.json.JsonTree.Obj;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Ranges;
import io.jrunc.spec.SpecWord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, read by name and type. What is of another type is a {@link Failure}
 * that says where and what: {@code process.user.uid: "0" is not a number; write 0}.
 *
 * <p>A field that is null counts as absent, and so does a string that is empty where it may be
 * absent: documents are written by Go programs, to which these are the same. Of fields with the
 * same name the last one counts. Fields that are not read are ignored.
 */
public final class Fields {

    private final String path;
    private final Obj object;

    /** Fields in the wrong case, of the whole document. */
    private final List<String> wrongCase;

    private Fields(String path, Obj object, List<String> wrongCase) {
        this.path = path;
        this.object = object;
        this.wrongCase = wrongCase;
    }

    /**
     * Parses a document that must be an object.
     *
     * @param file names the document in messages
     */
    public static Fields parse(byte[] json, String file) {
        return parse(json, file, "");
    }

    /**
     * As {@link #parse(byte[], String)}, for a document that stands for a part of a larger one.
     *
     * @param path of the part; it begins the path of each field in messages
     */
    static Fields parse(byte[] json, String file, String path) {
        Object value = JsonTree.parse(json, file);
        if (!(value instanceof Obj object)) {
            throw Failure.invalid(
                    file, JsonTree.describe(value) + " is not an object", "write { … }");
        }
        return new Fields(path, object, new ArrayList<>(0));
    }

    /**
     * Returns those of the document that were not asked for, because a name that was asked for is
     * written differently: programs in Go do not mind that.
     */
    List<String> wrongCase() {
        return wrongCase;
    }

    /** Returns the path of the field {@code name} in the document: {@code process.user.uid}. */
    String path(String name) {
        return path.isEmpty() ? name : path + '.' + name;
    }

    /** Returns the names of all fields, in the order of the document, perhaps repeated. */
    List<String> names() {
        return object.names;
    }

    /** Returns whether the field is there and not null. */
    public boolean has(String name) {
        return value(name) != null;
    }

    /** Returns a string that must be there; it may be empty. */
    public String string(String name) {
        return asString(path(name), required(name, "a string"));
    }

    /** Returns a string; empty if it is absent. */
    public String stringOrEmpty(String name) {
        Object value = value(name);
        return value == null ? "" : asString(path(name), value);
    }

    /** Returns a string; absent if it is empty. */
    public Optional<String> optionalString(String name) {
        String value = stringOrEmpty(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /** True or false; false if it is absent. */
    public boolean bool(String name) {
        Object value = value(name);
        return value != null && asBoolean(path(name), value);
    }

    /** True or false. */
    Optional<Boolean> optionalBool(String name) {
        Object value = value(name);
        return value == null ? Optional.empty() : Optional.of(asBoolean(path(name), value));
    }

    /** Returns a whole number that must be there. */
    public long integer(String name, long min, long max) {
        return asLong(path(name), required(name, "a number"), min, max);
    }

    /** Returns a whole number. */
    public OptionalLong optionalLong(String name, long min, long max) {
        Object value = value(name);
        return value == null
                ? OptionalLong.empty()
                : OptionalLong.of(asLong(path(name), value, min, max));
    }

    /** Returns a whole number of 32 bits. */
    OptionalInt optionalInt(String name, int min, int max) {
        Object value = value(name);
        return value == null
                ? OptionalInt.empty()
                : OptionalInt.of((int) asLong(path(name), value, min, max));
    }

    /** Returns a number of 64 bits without sign that must be there. */
    long unsigned(String name) {
        return asUnsigned(path(name), required(name, "a number"));
    }

    /** Returns a number of 64 bits without sign. */
    OptionalLong optionalUnsigned(String name) {
        Object value = value(name);
        return value == null
                ? OptionalLong.empty()
                : OptionalLong.of(asUnsigned(path(name), value));
    }

    /** Returns a list of strings; empty if it is absent. */
    public List<String> strings(String name) {
        List<?> values = list(name, "strings");
        List<String> strings = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            strings.add(asString(path(name) + '[' + i + ']', values.get(i)));
        }
        return strings;
    }

    /** Returns a list of strings, where an empty one is not an absent one. */
    Optional<List<String>> optionalStrings(String name) {
        return has(name) ? Optional.of(strings(name)) : Optional.empty();
    }

    /** Returns a list of whole numbers; empty if it is absent. */
    public List<Long> integers(String name, long min, long max) {
        List<?> values = list(name, "numbers");
        List<Long> numbers = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            numbers.add(asLong(path(name) + '[' + i + ']', values.get(i), min, max));
        }
        return numbers;
    }

    /** Returns an object; one without fields if it is absent. */
    Fields object(String name) {
        Object value = value(name);
        return asObject(path(name), value == null ? new Obj() : value);
    }

    /** Returns a list of objects; empty if it is absent. */
    List<Fields> objects(String name) {
        List<?> values = list(name, "objects");
        List<Fields> objects = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            objects.add(asObject(path(name) + '[' + i + ']', values.get(i)));
        }
        return objects;
    }

    /**
     * Returns an object whose fields are all strings and have free names; empty if it is absent.
     */
    public Map<String, String> stringMap(String name) {
        Fields fields = object(name);
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.object.names.size(); i++) {
            String key = fields.object.names.get(i);
            map.put(key, asString(fields.keyPath(key), fields.object.values.get(i)));
        }
        return map;
    }

    /**
     * Returns an object whose fields are all objects and have free names; empty if it is absent.
     */
    Map<String, Fields> objectMap(String name) {
        Fields fields = object(name);
        Map<String, Fields> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.object.names.size(); i++) {
            String key = fields.object.names.get(i);
            Object value = fields.object.values.get(i);
            map.put(key, asObject(fields.keyPath(key), value == null ? new Obj() : value));
        }
        return map;
    }

    /**
     * Returns a string that must be there and be one of the constants' words.
     *
     * @param kind completes the sentence: {@code "netwrk" is not a namespace}
     */
    <E extends SpecWord> E word(String name, E[] constants, String kind) {
        return asWord(path(name), string(name), constants, kind);
    }

    /** Returns a string that is one of the constants' words. */
    <E extends SpecWord> Optional<E> optionalWord(String name, E[] constants, String kind) {
        Optional<String> word = optionalString(name);
        return word.isEmpty()
                ? Optional.empty()
                : Optional.of(asWord(path(name), word.get(), constants, kind));
    }

    /** Returns a list of the constants' words; empty if it is absent. */
    <E extends SpecWord> List<E> words(String name, E[] constants, String kind) {
        List<String> words = strings(name);
        List<E> found = new ArrayList<>(words.size());
        for (int i = 0; i < words.size(); i++) {
            found.add(asWord(path(name) + '[' + i + ']', words.get(i), constants, kind));
        }
        return found;
    }

    static <E extends SpecWord> E asWord(String field, String word, E[] constants, String kind) {
        for (E constant : constants) {
            if (constant.specName().equals(word)) {
                return constant;
            }
        }
        String[] names = new String[constants.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = constants[i].specName();
        }
        throw notA(kind, field, word, names);
    }

    static Failure notA(String kind, String field, String word, String... names) {
        return Failure.invalid(
                field,
                JsonTree.describe(word) + " is not " + kind,
                "write one of " + String.join(", ", names));
    }

    private String keyPath(String key) {
        return path + '[' + JsonTree.describe(key) + ']';
    }

    private @Nullable Object value(String name) {
        for (int i = object.names.size() - 1; i >= 0; i--) {
            if (object.names.get(i).equals(name)) {
                return object.values.get(i);
            }
        }
        for (String other : object.names) {
            if (other.equalsIgnoreCase(name)) {
                noteWrongCase(other, name);
            }
        }
        return null;
    }

    private void noteWrongCase(String other, String name) {
        String note = path(other) + ": unknown property, did you mean " + name + "?";
        if (!wrongCase.contains(note)) {
            wrongCase.add(note);
        }
    }

    private Object required(String name, String what) {
        Object value = value(name);
        if (value == null) {
            throw Failure.invalid(path(name), "is missing", "add it as " + what);
        }
        return value;
    }

    private List<?> list(String name, String of) {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List)) {
            throw Failure.invalid(
                    path(name),
                    JsonTree.describe(value) + " is not a list",
                    "write [ … ] of " + of);
        }
        return (List<?>) value;
    }

    private static String asString(String field, @Nullable Object value) {
        if (!(value instanceof String string)) {
            throw Failure.invalid(
                    field, JsonTree.describe(value) + " is not a string", "write it in quotes");
        }
        return string;
    }

    private static boolean asBoolean(String field, @Nullable Object value) {
        if (!(value instanceof Boolean bool)) {
            throw Failure.invalid(
                    field, JsonTree.describe(value) + " is not a boolean", "write true or false");
        }
        return bool;
    }

    private Fields asObject(String field, @Nullable Object value) {
        if (!(value instanceof Obj object)) {
            throw Failure.invalid(
                    field, JsonTree.describe(value) + " is not an object", "write { … }");
        }
        return new Fields(field, object, wrongCase);
    }

    private static String digits(String field, Object value) {
        if (!(value instanceof Num number)) {
            throw Failure.invalid(
                    field,
                    JsonTree.describe(value) + " is not a number",
                    "write digits without quotes");
        }
        if (!number.whole) {
            throw Failure.invalid(
                    field,
                    JsonTree.describe(value) + " is not a whole number",
                    "write digits without point or exponent");
        }
        return number.text;
    }

    private static long asLong(String field, Object value, long min, long max) {
        String digits = digits(field, value);
        try {
            long number = Long.parseLong(digits);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // More than 63 bits: out of range like any other.
        }
        throw Ranges.outside(
                field, JsonTree.describe(value), Long.toString(min), Long.toString(max));
    }

    private static long asUnsigned(String field, Object value) {
        String digits = digits(field, value);
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw Ranges.outside(field, JsonTree.describe(value), "0", Long.toUnsignedString(-1));
        }
    }
}
