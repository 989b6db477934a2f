// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import io.jrunc.spec.template.DefaultSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpecDocumentTest {
    private static SpecDocument document(String json) {
        return SpecDocument.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String flat(SpecDocument document) {
        return new String(document.text(), StandardCharsets.UTF_8).replaceAll("\\s", "");
    }

    @Test
    void whatIsNotChangedStaysAsItIs() {
        String json = "{\"z\":1.50,\"a\":{\"new\":[null,true,{},[]]},\"big\":18446744073709551615}";

        assertEquals(json, flat(document(json)));
    }

    @Test
    void layoutIsThatOfTheWriter() {
        byte[] plain =
                SpecWriter.pretty(DefaultSpec.create(false, 0, 0, true))
                        .getBytes(StandardCharsets.UTF_8);

        assertArrayEquals(plain, SpecDocument.parse(plain).text());
    }

    @Test
    void valuesAreSetAndObjectsOnTheWayMade() {
        SpecDocument document = document("{\"root\":{\"path\":\"r\"},\"linux\":null}");

        document.set("/root/readonly", "true");
        document.set("/linux/resources/pids/limit", "5");
        document.set("/root/path", "\"other\"");

        assertEquals(
                "{\"root\":{\"path\":\"other\",\"readonly\":true},"
                        + "\"linux\":{\"resources\":{\"pids\":{\"limit\":5}}}}",
                flat(document));
    }

    @Test
    void listsGrowAndShrink() {
        SpecDocument document = document("{\"mounts\":[{\"options\":[\"rw\",\"bind\",\"rw\"]}]}");

        document.remove("/mounts/0/options", "rw");
        document.append("/mounts/0/options", "\"ro\"");
        document.append("/linux/maskedPaths", "\"/proc/kcore\"");
        document.remove("/process/args", "absent");

        assertEquals(List.of("bind", "ro"), document.strings("/mounts/0/options"));
        assertEquals(List.of("/proc/kcore"), document.strings("/linux/maskedPaths"));
        assertEquals(List.of(), document.strings("/linux/readonlyPaths"));
    }

    @Test
    void elementsAreReplaced() {
        SpecDocument document = document("{\"mounts\":[1,{\"a\":2},3]}");

        document.set("/mounts/1", "{}");

        assertEquals("{\"mounts\":[1,{},3]}", flat(document));
    }

    @Test
    void ofTwoMembersWithOneNameTheLastIsChanged() {
        SpecDocument document = document("{\"a\":1,\"a\":2}");

        document.set("/a", "3");

        assertEquals("{\"a\":1,\"a\":3}", flat(document));
    }

    @Test
    void documentThatIsNoObjectIsRefused() {
        assertThrows(Failure.class, () -> document("[]"));
        assertThrows(Failure.class, () -> document("{\"a\":1}").append("/a", "2"));
    }
}
