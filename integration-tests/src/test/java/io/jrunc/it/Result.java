package io.jrunc.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How a command ended. Its streams are files and not pipes: a container that was created keeps
 * writing into them after the command has returned.
 */
record Result(List<String> command, int status, Path stdoutFile, Path stderrFile) {
    Result {
        command = List.copyOf(command);
    }

    String stdout() {
        return text(stdoutFile);
    }

    String stderr() {
        return text(stderrFile);
    }

    /** The command, its status and what it said. */
    String describe() {
        return String.join(" ", command)
                + "\nstatus "
                + status
                + "\nstdout:\n"
                + stdout()
                + "\nstderr:\n"
                + stderr();
    }

    /** What it printed, without the last newline. It must have succeeded. */
    String output() {
        assertEquals(0, status, this::describe);
        return stdout().stripTrailing();
    }

    /** The lines it printed. It must have succeeded. */
    List<String> lines() {
        return output().lines().toList();
    }

    /** What it said on standard error. It must have failed as a runtime does: with status 1. */
    String failure() {
        assertEquals(1, status, this::describe);
        return stderr().stripTrailing();
    }

    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
