// SPDX-License-Identifier: Apache-2.0
package io.jrunc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that were looked at once and kept; {@code -Dgolden.update=true} writes them anew. */
public final class Golden {
    private static final Path RESOURCES = Path.of("src", "test", "resources");

    private Golden() {}

    /** Compares {@code actual} with the file of this name below {@code src/test/resources}. */
    public static void assertMatches(String name, String actual) {
        Path file = RESOURCES.resolve(name);
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, actual);
            }
            assertEquals(
                    Files.readString(file),
                    actual,
                    () -> file + " differs; if rightly so, run the test with -Dgolden.update=true");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
