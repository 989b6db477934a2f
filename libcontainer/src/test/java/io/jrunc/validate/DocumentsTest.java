// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.spec.json.Documents;
import io.jrunc.spec.json.SpecReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads and checks the documents of {@code src/test/resources/spec}. Messages are written anew by
 * {@code -Dgolden.update=true}.
 */
class DocumentsTest {
    private static final HostFacts HOST = new HostFacts(true, false, false, true, false, 40);

    /** Those that their documents need, by the beginning of their names. */
    private static final Map<String, HostFacts> OTHERS =
            Map.of(
                    "v1", new HostFacts(true, false, false, false, false, 40),
                    "selinux", new HostFacts(true, true, false, true, false, 40),
                    "apparmor", new HostFacts(true, false, true, true, false, 40));

    static List<Path> good() {
        return Documents.good();
    }

    static List<Path> bad() {
        return Documents.bad();
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodDocumentsAreAccepted(Path document) {
        String need = document.getFileName().toString().split("-", 2)[0];
        HostFacts host = OTHERS.getOrDefault(need, HOST);

        List<String> warnings = Validator.check(SpecReader.read(Documents.bytes(document)), host);

        // runc itself once wrote ambient capabilities that its containers could not have.
        assertEquals(
                List.of(),
                warnings.stream()
                        .filter(warning -> !warning.startsWith("process.capabilities.ambient: "))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badDocumentsAreRefusedInOneSentence(Path document) throws IOException {
        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> Validator.check(SpecReader.read(Documents.bytes(document)), HOST));

        String message = failure.getMessage();
        Path expected = Path.of(document.toString().replace(".json", ".txt"));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(expected, message + "\n");
        }
        assertEquals(new String(Documents.bytes(expected), StandardCharsets.UTF_8), message + "\n");
        assertTrue(message.indexOf('\n') < 0, message);
        assertEquals(Failure.Code.INVALID_CONFIG, failure.code());
    }
}
