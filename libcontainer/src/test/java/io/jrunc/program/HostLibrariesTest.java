// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the JDK that runs this test, and its libraries. */
class HostLibrariesTest {
    private static final Path JAVA = Path.of(System.getProperty("java.home"));

    @TempDir Path directory;

    private static HostLibraries of(String program, List<String> path, List<String> opened) {
        return HostLibraries.of(LocalKernel.get(), program, Optional.empty(), path, opened);
    }

    @Test
    void findsTheLoaderAndAllLibraries() {
        HostLibraries java = of(JAVA + "/bin/java", List.of(), List.of());

        assertTrue(java.loader().orElseThrow().contains("/ld-"), java::toString);
        assertTrue(java.files().containsKey("libc.so.6"), java::toString);
        assertTrue(java.files().get("libjli.so").startsWith(JAVA.toString()), java::toString);
        assertFalse(java.files().containsKey("libm.so.6"), java::toString);
    }

    @Test
    void librariesThatItOpensCountAsWell() {
        HostLibraries java = of(JAVA + "/bin/java", List.of(), List.of(JAVA + "/lib/server"));

        assertTrue(java.files().containsKey("libm.so.6"), java::toString);
    }

    @Test
    void pathComesFirst() throws IOException {
        Path own = Files.createFile(directory.resolve("libc.so.6"));

        HostLibraries java = of(JAVA + "/bin/java", List.of(directory.toString()), List.of());

        assertEquals(own.toString(), java.files().get("libc.so.6"));
    }

    @Test
    void refusesWhatIsNoProgram() throws IOException {
        Path script = Files.writeString(directory.resolve("script"), "#!/bin/sh\n");

        Failure failure =
                assertThrows(Failure.class, () -> of(script.toString(), List.of(), List.of()));

        assertTrue(failure.getMessage().contains("is no ELF program"), failure.getMessage());
    }
}
