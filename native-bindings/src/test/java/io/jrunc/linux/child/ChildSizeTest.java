// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The child stays a program that can be read in one sitting and costs a container nothing. */
class ChildSizeTest {
    private static final int MAX_PROGRAM_BYTES = 16 << 10;
    private static final int MAX_CODE_LINES = 500;

    @Test
    void programIsSmall() throws IOException {
        var resource = ChildProgram.class.getResource("jrunc-child-" + Machine.name());
        try (var in = resource.openStream()) {
            int bytes = in.readAllBytes().length;

            assertTrue(bytes <= MAX_PROGRAM_BYTES, () -> "the child has " + bytes + " bytes");
        }
    }

    @Test
    void sourceIsSmall() throws IOException {
        long lines = 0;
        for (String file : new String[] {"child.c", "batch.c", "batch.h", "sys.h"}) {
            lines += codeLines(Path.of("src", "main", "c", file));
        }
        long all = lines;

        assertTrue(lines <= MAX_CODE_LINES, () -> "the child has " + all + " lines of code");
    }

    private static long codeLines(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .filter(line -> !line.startsWith("/*") && !line.startsWith("*"))
                    .count();
        }
    }
}
