// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CriuLogTest {
    private static final String LOG =
            """
            (00.046713) Error (criu/util.c:1533): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted
            (00.050000) Collecting tasks
            (00.057373)      1: Error (criu/files-reg.c:1790): Can't lookup mount=27 for fd=1 path=/tmp/out
            (00.057387) Error (criu/cr-dump.c:1681): Dump files (pid: 6809) failed with -1
            (00.106944) Error (criu/cr-dump.c:2111): Dumping FAILED.
            """;

    @TempDir private Path directory;

    private CriuLog log(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("dump.log"), text);
        return new CriuLog(LocalKernel.get(), file.toString());
    }

    @Test
    void causeIsShownAndNotItsConsequences() throws IOException {
        assertEquals(List.of("Can't lookup mount=27 for fd=1 path=/tmp/out"), log(LOG).errors());
        assertEquals(
                "criu failed: Can't lookup mount=27 for fd=1 path=/tmp/out (criu's log is "
                        + directory.resolve("dump.log")
                        + ")",
                log(LOG).failure("").getMessage());
    }

    @Test
    void remedyIsNamedWhereItIsKnown() throws IOException {
        String locks =
                "(00.1) Error (criu/file-lock.c:108): Some file locks are hold by dumping tasks!\n";

        String message = log(locks).failure("").getMessage();

        assertEquals(true, message.contains("(use CriuFlag.FILE_LOCKS; criu's log is"), message);
    }

    @Test
    void withoutALogTheReasonIsCrius() {
        CriuLog none = new CriuLog(LocalKernel.get(), directory.resolve("none").toString());

        assertEquals(List.of(), none.errors());
        assertEquals(
                "criu failed: bad options",
                none.failure("bad options").getMessage().split(" \\(", -1)[0]);
        assertEquals(
                "criu failed: it does not say why",
                none.failure("").getMessage().split(" \\(", -1)[0]);
    }

    /** Of a log of many megabytes, the end is read. */
    @Test
    void longLogIsReadFromItsEnd() throws IOException {
        String filler = "(00.050000) Dumping pages of a large container\n".repeat(200_000);

        assertEquals(
                List.of("Can't lookup mount=27 for fd=1 path=/tmp/out"),
                log(filler + LOG).errors());
    }
}
