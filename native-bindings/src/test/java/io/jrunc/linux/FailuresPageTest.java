// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/failures.md} has each code with its meaning, a cause and a remedy. */
class FailuresPageTest {
    private static final Path PAGE = Path.of("..", "docs", "failures.md");
    private static final Path SOURCE = Path.of("src/main/java/io/jrunc/linux/Failure.java");
    private static final Pattern CONSTANT =
            Pattern.compile("/\\*\\* (.*?) \\*/\\s+([A-Z_]+)[,;]", Pattern.DOTALL);
    private static final Pattern ENTRY =
            Pattern.compile(
                    "^## ([a-z-]+)\n\n(.*)\n\n- Cause: .+\n- Remedy: .+\n", Pattern.MULTILINE);

    /** Returns what each code means, as its documentation says. */
    private static Map<String, String> documented() throws IOException {
        String source = Files.readString(SOURCE);
        Matcher constant = CONSTANT.matcher(source.substring(source.indexOf("enum Code")));
        Map<String, String> meanings = new LinkedHashMap<>();
        while (constant.find()) {
            String word = Failure.Code.valueOf(constant.group(2)).word();
            meanings.put(word, constant.group(1).replaceAll("\\s*\\n\\s*\\* *", " "));
        }
        return meanings;
    }

    @Test
    void eachCodeHasAMeaningACauseAndARemedy() throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        Matcher entry = ENTRY.matcher(Files.readString(PAGE));
        while (entry.find()) {
            entries.put(entry.group(1), entry.group(2));
        }

        assertEquals(lines(documented()), lines(entries));
    }

    @Test
    void eachCodeIsDocumented() throws IOException {
        assertEquals(
                Stream.of(Failure.Code.values()).map(Failure.Code::word).toList(),
                documented().keySet().stream().toList());
    }

    private static String lines(Map<String, String> meanings) {
        assertTrue(meanings.size() > 1, meanings::toString);
        StringBuilder lines = new StringBuilder();
        meanings.forEach((word, meaning) -> lines.append(word + ": " + meaning + "\n"));
        return lines.toString();
    }
}
