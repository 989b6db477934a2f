// SPDX-License-Identifier: Apache-2.0
package io.jrunc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The six files that {@code docs/architecture.md} and the README name lead from one to the next.
 */
class BirthOfAContainerTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NUMBERED = Pattern.compile("(?m)^\\d\\. `([^`]+)`");

    private static List<Path> files() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/architecture.md"));
        List<Path> files = new ArrayList<>();
        Matcher line = NUMBERED.matcher(page);
        while (line.find()) {
            files.add(ROOT.resolve(line.group(1)));
        }
        return files;
    }

    /** A class by its name, a C file by its file's. */
    private static String name(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    @Test
    void eachFileNamesTheNext() throws IOException {
        List<Path> files = files();

        assertEquals(6, files.size(), files::toString);
        for (int i = 0; i + 1 < files.size(); i++) {
            Path next = files.get(i + 1);
            String text = Files.readString(files.get(i));
            assertTrue(text.contains(name(next)), files.get(i) + " does not name " + name(next));
        }
        assertTrue(Files.exists(files.get(5)), files.get(5)::toString);
    }

    @Test
    void readmeNamesThem() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));

        for (Path file : files()) {
            assertTrue(readme.contains("`" + name(file) + "`"), name(file));
        }
    }
}
