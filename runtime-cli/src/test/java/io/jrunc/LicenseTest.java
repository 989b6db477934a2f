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
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final List<String> DISTRIBUTED =
            List.of("native-bindings", "seccomp-profiles", "libcontainer", "runtime-cli");
    private static final Pattern DEPENDENCY =
            Pattern.compile(
                    "<dependency>\\s*<groupId>(.*?)</groupId>\\s*<artifactId>(.*?)</artifactId>"
                            + "(.*?)</dependency>",
                    Pattern.DOTALL);
    private static final int LEAST_LIBRARIES = 6;

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

    /** What the distribution contains, it must name with its licence. */
    @Test
    void copyrightNamesEachLibraryWithItsLicense() throws IOException {
        String copyright = Files.readString(Path.of("src/main/dist/doc/copyright"));
        Set<String> libraries = new TreeSet<>();
        for (String module : DISTRIBUTED) {
            libraries.addAll(libraries(Files.readString(ROOT.resolve(module + "/pom.xml"))));
        }

        assertTrue(libraries.size() >= LEAST_LIBRARIES, libraries::toString);
        for (String library : libraries) {
            String paragraph =
                    Stream.of(copyright.split("\n\n"))
                            .filter(one -> one.startsWith("Files:") && one.contains(library + "\n"))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(library + " is not named"));
            assertTrue(paragraph.contains("\nLicense: "), paragraph);
        }
    }

    /**
     * Returns group and artifact of each library of others that is not for tests or the compiler.
     */
    private static List<String> libraries(String pom) {
        List<String> found = new ArrayList<>();
        Matcher dependency = DEPENDENCY.matcher(pom);
        while (dependency.find()) {
            boolean isDistributed =
                    !dependency.group(3).contains("<scope>test")
                            && !dependency.group(3).contains("<scope>provided");
            if (isDistributed && !dependency.group(1).equals("io.jrunc")) {
                found.add(dependency.group(1) + ":" + dependency.group(2));
            }
        }
        return found;
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
