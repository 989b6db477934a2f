// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cli.Caller;
import io.jrunc.cli.launcher.Request;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
    private final Failure failure =
            Failure.syscall("mount", "/data", Errno.EPERM, "be \"root\"").during("create web1");

    private final LocalKernel kernel = LocalKernel.get();
    @TempDir Path directory;
    private Fd err;
    private Request request;

    @BeforeEach
    void open() {
        err = kernel.descriptors().memoryFile("err");
        request = new Request(directory.toString(), List.of(), List.of(), List.of(err, err, err));
    }

    @AfterEach
    void close() {
        err.close();
    }

    private Log log(String path, String format, String level) {
        try (Caller.FileOpener caller = new Caller.FileOpener(directory)) {
            return Log.open(kernel, request, caller.launcher(request), path, format, level);
        }
    }

    private String printed() {
        byte[] bytes = kernel.files().readAt(err, 1 << 16, 0);
        return withoutTime(new String(bytes, StandardCharsets.UTF_8));
    }

    private String logged() throws IOException {
        return withoutTime(Files.readString(directory.resolve("log")));
    }

    private static String withoutTime(String text) {
        return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "NOW");
    }

    @Test
    void textIsRuncs() {
        Log log = log("", "", "");
        log.warn("a \"quoted\"\nback\\slash");
        log.fail(failure);

        assertEquals(
                """
                time="NOW" level=warning msg="a \\"quoted\\"\\nback\\\\slash"
                time="NOW" level=error msg="create web1: mount /data: EPERM (be \\"root\\"): operation not permitted"
                """,
                printed());
    }

    @Test
    void jsonIsRuncsWithMoreFields() throws IOException {
        log("log", "json", "").fail(failure);

        assertEquals(
                "{\"level\":\"error\",\"msg\":\"create web1: mount /data: EPERM (be \\\"root\\\"): operation not permitted\","
                        + "\"time\":\"NOW\",\"code\":\"syscall\",\"phase\":\"create web1\","
                        + "\"path\":\"/data\",\"errno\":\"EPERM\",\"hint\":\"be \\\"root\\\"\"}\n",
                logged());
    }

    @Test
    void failureGoesToStandardErrorToo() throws IOException {
        log("log", "text", "").fail(failure);

        assertEquals(
                "create web1: mount /data: EPERM (be \"root\"): operation not permitted\n",
                printed());
        assertTrue(logged().startsWith("time=\"NOW\" level=error msg=\"create web1"), logged());
    }

    @Test
    void warningsGoToTheLogAlone() throws IOException {
        log("log", "json", "").warn("careful");

        assertEquals("", printed());
        assertEquals("{\"level\":\"warning\",\"msg\":\"careful\",\"time\":\"NOW\"}\n", logged());
    }

    @Test
    void logIsAppendedTo() throws IOException {
        Files.writeString(directory.resolve("log"), "before\n");
        log("log", "", "").warn("one");
        log("log", "", "").warn("two");

        assertEquals(3, logged().lines().count());
        assertTrue(logged().startsWith("before\n"), logged());
    }

    @Test
    void levelDecidesWhatIsWritten() {
        log("", "", "error").warn("hidden");
        log("", "", "").debug("hidden");
        assertEquals("", printed());

        Log debug = log("", "", "debug");
        debug.debug("shown");
        assertTrue(debug.isDebug());
        assertEquals("time=\"NOW\" level=debug msg=\"shown\"\n", printed());
    }

    @Test
    void unknownFormatsAndLevelsAreRefused() {
        assertEquals(
                "invalid log-format: xml; write text or json",
                assertThrows(Failure.class, () -> log("", "xml", "")).getMessage());
        assertEquals(
                "--log-level: \"loud\" is none; write debug, info, warning or error",
                assertThrows(Failure.class, () -> log("", "", "loud")).getMessage());
    }

    /** Source: full(4). */
    @Test
    void fullDiskIsNoFailure() {
        try (Fd full = kernel.files().open("/dev/full", OpenFlag.RDWR)) {
            Request deaf = new Request("/", List.of(), List.of(), List.of(full, full, full));
            Log.standardError(kernel, deaf).warn("said in vain");
            log("/dev/full", "json", "debug").fail(failure);

            Log output = Log.standardError(kernel, request);
            Failure f = assertThrows(Failure.class, () -> output.print(full, "asked for"));
            assertTrue(f.is(Errno.ENOSPC), f::getMessage);
        }
        assertTrue(printed().startsWith("create web1: mount /data: EPERM"), printed());
    }

    @Test
    void readerThatIsGoneIsNoFailure() {
        Fd[] pair = kernel.sockets().pair("err");
        pair[1].close();
        try (Fd gone = pair[0]) {
            Request deaf = new Request("/", List.of(), List.of(), List.of(gone, gone, gone));
            Log.standardError(kernel, deaf).fail(failure);
        }
    }
}
