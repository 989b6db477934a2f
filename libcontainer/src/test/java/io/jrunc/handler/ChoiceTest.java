// SPDX-License-Identifier: Apache-2.0
package io.jrunc.handler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Source: crun(1). */
class ChoiceTest {
    private static final String HANDLER = "run.oci.handler";
    private static final String VARIANT = "module.wasm.image/variant";
    private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

    private final List<Handler> table =
            List.of(
                    handler("{\"name\": \"java\", \"suffixes\": [\".jar\"], \"program\": \"/j\"}"),
                    handler(
                            "{\"name\": \"wasm\", \"suffixes\": [\".wasm\"], \"program\": \"/w\","
                                    + " \"signature\": \"0061736D\","
                                    + " \"annotations\": [\""
                                    + VARIANT
                                    + "=compat\"]}"));

    private static Handler handler(String json) {
        return Handler.read(json.getBytes(StandardCharsets.UTF_8), "handler.json");
    }

    private String chosen(Map<String, String> annotations, String program, byte... head) {
        Optional<Handler> choice = Choice.of(annotations, table, program, () -> head);
        return choice.map(Handler::name).orElse("none");
    }

    @Test
    void nameChoosesWhateverTheProgramIs() {
        assertEquals("java", chosen(Map.of(HANDLER, "java"), "/bin/sh"));
        assertEquals("wasm", chosen(Map.of(HANDLER, "wasm"), "/bin/sh"));
        assertEquals("wasm", chosen(Map.of(VARIANT, "compat"), "/bin/sh"));
    }

    @Test
    void smartChoosesBySuffixOrSignature() {
        assertEquals("none", chosen(Map.of(HANDLER, "wasm-smart"), "/bin/sh"));
        assertEquals("wasm", chosen(Map.of(HANDLER, "wasm-smart"), "/X.WASM"));
        assertEquals("wasm", chosen(Map.of(VARIANT, "compat-smart"), "/x", MODULE));
        assertEquals("none", chosen(Map.of(VARIANT, "compat-smart"), "/x", (byte) 0x7f));
    }

    @Test
    void nameCountsBeforeOtherAnnotations() {
        assertEquals("java", chosen(Map.of(VARIANT, "compat", HANDLER, "java"), "/x.wasm"));
    }

    @Test
    void otherValuesOfOtherAnnotationsAskForNothing() {
        assertEquals("none", chosen(Map.of(VARIANT, "other"), "/x.wasm", MODULE));
        assertEquals("none", chosen(Map.of("other", "wasm"), "/x.wasm", MODULE));
    }

    @Test
    void unknownNameIsRefused() {
        Failure failure =
                assertThrows(Failure.class, () -> chosen(Map.of(HANDLER, "krun"), "/bin/sh"));

        assertTrue(failure.getMessage().contains("it has java, wasm"), failure.getMessage());
    }

    @Test
    void entriesAreChecked() {
        String[] wrong = {
            "{\"name\": \"x\"}",
            "{\"name\": \"\", \"program\": \"/x\"}",
            "{\"name\": \"x-smart\", \"program\": \"/x\"}",
            "{\"name\": \"x\", \"program\": \"x\"}",
            "{\"name\": \"x\", \"program\": \"/x\", \"mounts\": [\"x\"]}",
            "{\"name\": \"x\", \"program\": \"/x\", \"loader\": \"x\"}",
            "{\"name\": \"x\", \"program\": \"/x\", \"annotations\": [\"other=x\"]}",
            "{\"name\": \"x\", \"program\": \"/x\", \"annotations\": [\"module.x\"]}",
            "{\"name\": \"x\", \"program\": \"/x\", \"signature\": \"0\"}",
            "{\"name\": \"x\", \"program\": \"/x\", \"signature\": \"zz\"}",
        };
        for (String json : wrong) {
            assertThrows(Failure.class, () -> handler(json), json);
        }
    }

    @Test
    void homeOfThisJavaIsKnown() {
        Handler java = handler("{\"name\": \"x\", \"program\": \"{java.home}/bin/java\"}");

        assertEquals(System.getProperty("java.home") + "/bin/java", java.program());
    }
}
