// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a command ended. Its streams are files and not pipes: a container that was created keeps
 * writing into them after the command has returned.
 */
public record Result(List<String> command, int status, Path stdoutFile, Path stderrFile) {
    private static final int SHOWN = 3000;

    public Result {
        command = List.copyOf(command);
    }

    public String stdout() {
        return text(stdoutFile);
    }

    public String stderr() {
        return text(stderrFile);
    }

    /** The command, its status and what it said. */
    public String describe() {
        return String.join(" ", command)
                + "\nstatus "
                + status
                + "\nstdout:\n"
                + end(stdout())
                + "\nstderr:\n"
                + end(stderr());
    }

    private static String end(String text) {
        int surplus = text.length() - SHOWN;
        return surplus > 0 ? "[" + surplus + " characters]" + text.substring(surplus) : text;
    }

    /** What it printed, without the last newline. It must have succeeded. */
    public String output() {
        assertEquals(0, status, this::describe);
        return stdout().stripTrailing();
    }

    /** The lines it printed. It must have succeeded. */
    public List<String> lines() {
        return output().lines().toList();
    }

    /** What it said on standard error. It must have failed as a runtime does: with status 1. */
    public String failure() {
        assertEquals(1, status, this::describe);
        return stderr().stripTrailing();
    }

    /** It must have failed as a runtime does, with a message in which all these are found. */
    public void failsWith(String... patterns) {
        String message = failure();
        for (String pattern : patterns) {
            assertTrue(
                    Pattern.compile(pattern).matcher(message).find(),
                    () -> "no " + pattern + " in the message of " + describe());
        }
    }

    public static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
