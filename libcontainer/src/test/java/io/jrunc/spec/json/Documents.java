// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The documents of {@code src/test/resources/spec}. */
public final class Documents {
    private static final Path SPEC = Path.of("src", "test", "resources", "spec");

    private Documents() {}

    /** All documents that must be accepted. */
    public static List<Path> good() {
        return below("good");
    }

    /** All documents that must be refused, each with the message in a {@code .txt} beside it. */
    public static List<Path> bad() {
        return below("bad");
    }

    /** One document that an engine wrote. */
    public static Path engine(String name) {
        return SPEC.resolve("good").resolve("engines").resolve(name + ".json");
    }

    /** The content of {@code file}. */
    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> below(String directory) {
        try (Stream<Path> files = Files.walk(SPEC.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
