// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.validate;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.conformance.Change;
import io.jrunc.it.conformance.Entry;
import io.jrunc.it.conformance.Table;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of the specification refuses bad values, in a sentence, and leaves nothing. */
@Requires({ROOT, JRUNC})
class RefusalIT {
    static List<Entry> refusable() {
        return Table.entries().stream().filter(entry -> !entry.bad().isEmpty()).toList();
    }

    static List<Entry> notCarriedOut() {
        return Table.entries().stream().filter(entry -> !entry.refused().isEmpty()).toList();
    }

    @ParameterizedTest
    @MethodSource("refusable")
    void badValueIsRefused(Entry entry) {
        Bundle bundle = Bundle.busybox().args("true");
        Change.apply(bundle.config(), entry.bad());

        refused(bundle, entry.says());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("notCarriedOut")
    void whatIsNotCarriedOutIsRefusedByName(Entry entry) {
        Bundle bundle = Bundle.busybox().args("true");
        Change.apply(bundle.config(), entry.example());

        refused(bundle, entry.field());
    }

    private static void refused(Bundle bundle, String says) {
        for (String command : List.of("create", "run")) {
            Path log = Sandbox.current().freshFile("log");
            String id = Sandbox.current().freshId();

            Result result =
                    bundle.invoke("--log", log.toString(), "--log-format", "json", command, id)
                            .run();

            assertEquals(1, result.status(), result::describe);
            String message = lastMessage(log);
            assertTrue(message.contains(says), () -> "no “" + says + "” in “" + message + "”");
            assertEquals(1, message.lines().count(), message);
        }
        assertEquals(List.of(), Sandbox.current().remains());
    }

    private static String lastMessage(Path log) {
        List<String> lines = Result.text(log).lines().toList();
        return Json.parse(lines.get(lines.size() - 1)).get("msg").asText();
    }
}
