// SPDX-License-Identifier: Apache-2.0
package io.jrunc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each source names its licence near its beginning, also those that Spotless does not look at:
 * package descriptions, C, shell and Perl.
 */
class LicenseTest {
    private static final String LICENSE = "SPDX-License-Identifier: Apache-2.0\n";
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> BUILT = Set.of("target", ".git", ".idea", ".vscode");
    private static final int HEAD_BYTES = 200;

    /** What is looked at, so that the test fails if it looks at the wrong place. */
    private static final int LEAST_SOURCES = 800;

    @Test
    void eachSourceNamesTheLicense() throws IOException {
        List<String> missing = new ArrayList<>();
        int seen = 0;
        for (Path file : files(ROOT)) {
            String head = head(file);
            if (isSource(file, head)) {
                seen++;
                if (!head.contains(LICENSE)) {
                    missing.add(ROOT.relativize(file).toString());
                }
            }
        }

        assertEquals(List.of(), missing);
        assertTrue(seen > LEAST_SOURCES, seen + " sources");
    }

    @Test
    void licenseItselfIsThere() throws IOException {
        String license = Files.readString(ROOT.resolve("LICENSE"));

        assertTrue(license.contains("Apache License") && license.contains("Version 2.0"), license);
    }

    private static boolean isSource(Path file, String head) {
        String name = file.getFileName().toString();
        return name.matches(".*\\.(java|c|h|pl)") || head.startsWith("#!");
    }

    private static String head(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry)) {
                    if (!BUILT.contains(entry.getFileName().toString())) {
                        files.addAll(files(entry));
                    }
                } else if (Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        }
        return files;
    }
}
