package io.jrunc.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jrunc.linux.Failure;
import io.jrunc.validate.HostFacts;
import io.jrunc.validate.Validator;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a document holds, only a {@link Failure} may come of it. */
class SpecFuzzTest {
    private static final long SEED = 20250601;
    private static final int MUTATIONS = 2000;

    private static final HostFacts FACTS = new HostFacts(true, false, false, true, true, 40);

    private static final List<JsonNode> VALUES =
            List.of(
                    NullNode.instance,
                    BooleanNode.TRUE,
                    new LongNode(0),
                    new LongNode(-1),
                    new LongNode(Long.MAX_VALUE),
                    new LongNode(Long.MIN_VALUE),
                    new LongNode(1L << 32),
                    new BigIntegerNode(BigInteger.ONE.shiftLeft(64)),
                    new BigIntegerNode(BigInteger.TEN.pow(200)),
                    new DoubleNode(0.5),
                    new TextNode(""),
                    new TextNode("\0"),
                    new TextNode("/"),
                    new TextNode(":"),
                    new TextNode("."),
                    new TextNode("-"),
                    new TextNode("\ud800"),
                    new TextNode("x".repeat(300)),
                    JsonNodeFactory.instance.arrayNode(),
                    JsonNodeFactory.instance.objectNode());

    private final Random random = new Random(SEED);

    @Test
    void changedValuesGiveASpecOrAFailure() {
        List<Path> documents = Documents.good();
        for (int i = 0; i < MUTATIONS; i++) {
            JsonNode document =
                    JsonNodes.parse(Documents.bytes(documents.get(i % documents.size())));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                change(document);
            }
            check(document.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void changedBytesGiveASpecOrAFailure() {
        List<Path> documents = Documents.good();
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] document = Documents.bytes(documents.get(i % documents.size()));
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                document[random.nextInt(document.length)] = (byte) random.nextInt(256);
            }
            check(document);
        }
    }

    private static void check(byte[] json) {
        try {
            Spec spec = SpecReader.read(json);
            Validator.check(spec, FACTS);
            SpecReader.read(SpecWriter.pretty(spec).getBytes(StandardCharsets.UTF_8));
        } catch (Failure expected) {
            if (expected.getMessage().contains("\n")) {
                throw new AssertionError("not one line: " + expected.getMessage(), expected);
            }
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(new String(json, StandardCharsets.UTF_8), e);
        }
    }

    private void change(JsonNode document) {
        List<JsonNode> containers = new ArrayList<>();
        collect(document, containers);
        JsonNode target = containers.get(random.nextInt(containers.size()));
        JsonNode value = VALUES.get(random.nextInt(VALUES.size())).deepCopy();
        if (target instanceof ArrayNode array) {
            int at = array.isEmpty() ? 0 : random.nextInt(array.size());
            switch (random.nextInt(3)) {
                case 0 -> array.insert(at, value);
                case 1 -> array.remove(at);
                default -> array.addAll(array.deepCopy());
            }
            return;
        }
        ObjectNode object = (ObjectNode) target;
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.isEmpty() ? "path" : names.get(random.nextInt(names.size()));
        if (random.nextInt(4) == 0) {
            object.remove(name);
        } else {
            object.set(name, value);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }
}
