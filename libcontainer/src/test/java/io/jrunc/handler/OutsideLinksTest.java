// SPDX-License-Identifier: Apache-2.0
package io.jrunc.handler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutsideLinksTest {
    @TempDir Path directory;

    @Test
    void targetsOutsideAreFoundOnce() throws IOException {
        Path home = Files.createDirectories(directory.resolve("home/lib")).getParent();
        Path etc = Files.createDirectories(directory.resolve("etc/conf"));
        Files.createFile(etc.resolve("f"));
        Files.createSymbolicLink(home.resolve("conf"), etc);
        Files.createSymbolicLink(home.resolve("lib/f"), etc.resolve("f"));
        Files.createSymbolicLink(home.resolve("lib/up"), Path.of("../../etc/conf"));
        Files.createSymbolicLink(home.resolve("inside"), Path.of("lib"));
        Files.createSymbolicLink(home.resolve("dangling"), Path.of("/no/such/file"));

        assertEquals(List.of(etc.toString()), OutsideLinks.of(home.toString()));
    }
}
