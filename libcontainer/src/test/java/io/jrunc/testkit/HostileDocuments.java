// SPDX-License-Identifier: Apache-2.0
package io.jrunc.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Variants of documents, as an attacker would write them: mostly valid, since what is refused at
 * once reaches little, and wrong in a few places.
 */
public final class HostileDocuments {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MANY = 200;

    private static final List<JsonNode> VALUES =
            List.of(
                    NullNode.instance,
                    BooleanNode.TRUE,
                    BooleanNode.FALSE,
                    new DoubleNode(0.5),
                    new DoubleNode(1e300),
                    new BigIntegerNode(BigInteger.ONE.shiftLeft(64)),
                    new BigIntegerNode(BigInteger.TEN.pow(200)),
                    JsonNodeFactory.instance.arrayNode(),
                    JsonNodeFactory.instance.objectNode());

    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        0x7f,
        0xffff,
        0x10000,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        1L << 53,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
    };

    /** What a text may be instead, or have in it. */
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "\0",
                    "\n",
                    "\r\u001b[2J",
                    "\ud800",
                    "\u202e",
                    "é",
                    "/",
                    "//",
                    ".",
                    "..",
                    "../../../../..",
                    "/../../../../../etc",
                    "/./",
                    "/proc",
                    "/proc/self/fd/7",
                    "/proc/self/exe",
                    "/sys/fs/cgroup",
                    "/dev/pts/0",
                    ":",
                    "a:b:c",
                    "-.slice:jrunc:x",
                    "..slice:..:..",
                    "=",
                    ",",
                    ";",
                    "-",
                    "--",
                    "%n%s",
                    "$(id)",
                    "0-4294967295",
                    "0-2147483647,5",
                    "0-9223372036854775807",
                    "4294967296",
                    "-1",
                    "1e9",
                    "max",
                    "context=\"a\",b",
                    "idmap=uids=0-0-4294967295",
                    "lowerdir=/,upperdir=/,workdir=/",
                    "x".repeat(300),
                    "y/".repeat(2100),
                    "z".repeat(70_000));

    private final Vocabulary vocabulary = new Vocabulary();
    private final List<byte[]> texts = new ArrayList<>();
    private final List<ObjectNode> documents = new ArrayList<>();
    private final ObjectNode whole;
    private final Random random;

    /**
     * The same {@code seed} gives the same documents.
     *
     * @param whole a document with all that a container needs; it completes the others
     */
    public HostileDocuments(long seed, byte[] whole) {
        this.random = new Random(seed);
        this.whole = (ObjectNode) parse(whole);
    }

    /** Begins with {@code document}, and uses its words elsewhere. */
    public void begin(byte[] document) {
        texts.add(document);
        ObjectNode completed = whole.deepCopy();
        merge(completed, (ObjectNode) parse(document));
        documents.add(completed);
        learn(document);
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            JsonNode there = into.get(field.getKey());
            if (there instanceof ObjectNode object && field.getValue() instanceof ObjectNode more) {
                merge(object, more);
            } else if (there instanceof ArrayNode list
                    && field.getValue() instanceof ArrayNode more) {
                more.forEach(element -> addOnce(list, element));
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    /** A namespace or limit that is there already would be a second one of its type. */
    private static void addOnce(ArrayNode list, JsonNode element) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode there = list.get(i);
            if (there.has("type")
                    && there.path("type").equals(element.path("type"))
                    && !element.has("destination")
                    && !element.has("access")) {
                list.set(i, element);
                return;
            }
        }
        list.add(element);
    }

    /** Uses the words of {@code document}, which need not be a right one. */
    public void learn(byte[] document) {
        try {
            vocabulary.learn(MAPPER.readTree(document));
        } catch (IOException e) {
            // No JSON at all: it has no words to teach.
        }
    }

    /** The next one. */
    public byte[] next() {
        if (random.nextInt(20) == 0) {
            return changedBytes(texts.get(random.nextInt(texts.size())).clone());
        }
        ObjectNode document = documents.get(random.nextInt(documents.size())).deepCopy();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            change(document);
        }
        return document.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] changedBytes(byte[] text) {
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            text[random.nextInt(text.length)] = (byte) random.nextInt(256);
        }
        return text;
    }

    private static JsonNode parse(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Place(String path, JsonNode container) {}

    private void change(JsonNode document) {
        List<Place> places = new ArrayList<>();
        collect("", document, places);
        Place place = places.get(random.nextInt(places.size()));
        if (place.container() instanceof ArrayNode array) {
            changeList(place.path(), array);
        } else {
            changeObject(place.path(), (ObjectNode) place.container());
        }
    }

    private static void collect(String path, JsonNode node, List<Place> places) {
        if (node instanceof ArrayNode array) {
            places.add(new Place(path, array));
            array.forEach(element -> collect(Vocabulary.elements(path), element, places));
        } else if (node instanceof ObjectNode object) {
            places.add(new Place(path, object));
            object.properties()
                    .forEach(
                            field ->
                                    collect(
                                            Vocabulary.below(path, field.getKey()),
                                            field.getValue(),
                                            places));
        }
    }

    private void changeList(String path, ArrayNode array) {
        int at = array.isEmpty() ? -1 : random.nextInt(array.size());
        String elements = Vocabulary.elements(path);
        switch (random.nextInt(6)) {
            case 0 -> array.insert(Math.max(at, 0), known(elements));
            case 1 -> array.remove(at);
            case 2 -> repeat(array, at);
            default -> {
                if (at >= 0) {
                    array.set(at, other(elements, array.get(at)));
                }
            }
        }
    }

    private void repeat(ArrayNode array, int at) {
        if (at >= 0) {
            int times = random.nextInt(10) == 0 ? MANY : 1;
            for (int i = 0; i < times; i++) {
                array.add(array.get(at).deepCopy());
            }
        }
    }

    private void changeObject(String path, ObjectNode object) {
        String name = vocabulary.field(path, random);
        if (name == null || random.nextInt(3) == 0) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            name = names.isEmpty() ? "path" : names.get(random.nextInt(names.size()));
        }
        String below = Vocabulary.below(path, name);
        switch (random.nextInt(6)) {
            case 0 -> object.remove(name);
            case 1, 2 -> object.set(name, known(below));
            default ->
                    object.set(
                            name, other(below, object.has(name) ? object.get(name) : known(below)));
        }
        if (random.nextInt(20) == 0) {
            object.set(text(name), known(below)); // a map's key, or an unknown field
        }
    }

    /** A value that other documents have there. */
    private JsonNode known(String path) {
        JsonNode value = vocabulary.value(path, random);
        return value == null ? VALUES.get(random.nextInt(VALUES.size())).deepCopy() : value;
    }

    /** A value like {@code value}, mostly of its type. */
    private JsonNode other(String path, JsonNode value) {
        if (random.nextInt(6) == 0) {
            return VALUES.get(random.nextInt(VALUES.size())).deepCopy();
        }
        if (value.isTextual()) {
            return new TextNode(text(value.asText()));
        }
        if (value.isIntegralNumber()) {
            return random.nextInt(4) == 0
                    ? new IntNode(value.asInt() + random.nextInt(3) - 1)
                    : new LongNode(NUMBERS[random.nextInt(NUMBERS.length)]);
        }
        return known(path);
    }

    private String text(String text) {
        String hostile = TEXTS.get(random.nextInt(TEXTS.size()));
        int at = random.nextInt(text.length() + 1);
        return switch (random.nextInt(5)) {
            case 0 -> hostile;
            case 1 -> text + hostile;
            case 2 -> hostile + text;
            case 3 -> text.substring(0, at);
            default -> text.substring(0, at) + hostile + text.substring(at);
        };
    }
}
