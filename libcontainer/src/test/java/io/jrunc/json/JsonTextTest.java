// SPDX-License-Identifier: Apache-2.0
package io.jrunc.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.spec.json.Fields;
import io.jrunc.spec.json.JsonNodes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void layoutIsThatOfGo() {
        JsonText json = JsonText.indented("  ");

        write(json);

        assertEquals(
                """
                {
                  "a": "b",
                  "n": -1,
                  "u": 18446744073709551615,
                  "t": true,
                  "empty": {},
                  "none": [],
                  "list": [
                    "x",
                    "y"
                  ],
                  "map": {
                    "k": "v"
                  },
                  "numbers": [
                    1,
                    2
                  ]
                }\
                """,
                json.toString());
    }

    @Test
    void compactHasNoBlanks() {
        JsonText json = JsonText.compact();

        write(json);

        assertEquals(
                "{\"a\":\"b\",\"n\":-1,\"u\":18446744073709551615,\"t\":true,\"empty\":{},"
                        + "\"none\":[],"
                        + "\"list\":[\"x\",\"y\"],\"map\":{\"k\":\"v\"},\"numbers\":[1,2]}",
                json.toString());
    }

    @Test
    void aListOfObjectsCanBeTheDocument() {
        JsonText json = JsonText.compact();

        json.beginList();
        json.beginObject();
        json.endObject();
        json.beginObject();
        json.string("a", "b");
        json.endObject();
        json.endList();

        assertEquals("[{},{\"a\":\"b\"}]", json.toString());
    }

    @Test
    void aTreeIsWrittenAsItWasRead() {
        JsonText read = JsonText.indented("\t");
        write(read);
        String text = read.toString().replace("-1,", "-1.50e3,").replace("true", "null");

        JsonText json = JsonText.indented("\t");
        json.tree((JsonTree.Obj) JsonTree.parse(text.getBytes(StandardCharsets.UTF_8), "test"));

        assertEquals(text, json.toString());
    }

    @Test
    void aTreeCanBeAnElement() {
        JsonText json = JsonText.compact();

        json.beginList();
        json.element(1);
        json.tree(
                (JsonTree.Obj)
                        JsonTree.parse("{\"a\":[{},[]]}".getBytes(StandardCharsets.UTF_8), "test"));
        json.endList();

        assertEquals("[1,{\"a\":[{},[]]}]", json.toString());
    }

    @Test
    void everyCharacterComesBack() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 97) {
            all.appendCodePoint(c);
        }
        String text = all.append("\ud800").append('x').append("\udc00\ud800").toString();
        JsonText json = JsonText.compact();

        json.beginObject();
        json.string("text", text);
        json.endObject();

        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        assertEquals(text, JsonNodes.parse(bytes).get("text").asText());
        assertEquals(text, Fields.parse(bytes, "test").string("text"));
    }

    private static void write(JsonText json) {
        json.beginObject();
        json.string("a", "b");
        json.number("n", -1);
        json.unsigned("u", -1);
        json.bool("t", true);
        json.beginObject("empty");
        json.endObject();
        json.strings("none", List.of());
        json.strings("list", List.of("x", "y"));
        json.map("map", Map.of("k", "v"));
        json.beginList("numbers");
        json.element(1);
        json.element(2);
        json.endList();
        json.endObject();
    }
}
