// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.console;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SCRIPT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Source: runtime-spec config.md#process, terminal; runc's docs/terminals.md. */
@Requires(ROOT)
class TerminalIT {
    private static final String LOOK =
            "tty; stat -c %t:%T /dev/console; stty size; echo on the tty > /dev/tty; read word;"
                    + " echo got $word";

    private final Kernel kernel = LocalKernel.get();

    @Test
    @Shows({"process.terminal", "process.consoleSize"})
    void consoleSocketGetsTheMasterOfTheTerminal() {
        Path socket = Sandbox.current().freshFile("sock");
        var bundle = withTerminal();
        bundle.json("/process/consoleSize", "{\"height\": 25, \"width\": 100}");
        Container container = bundle.args("sh", "-c", LOOK).container();
        try (Fd listening = kernel.sockets().unixStream("listener")) {
            kernel.sockets().bind(listening, socket.toString());
            kernel.sockets().listen(listening, 1);
            Result create = container.create("--console-socket", socket.toString());
            assertEquals("", create.output());

            try (Fd connection = kernel.sockets().accept(listening)) {
                List<Fd> received = new ArrayList<>();
                byte[] name = kernel.sockets().receive(connection, 4096, received);
                assertTrue(name.length >= 1 && name.length < 4096);
                assertEquals(1, received.size());

                assertEquals(
                        "/dev/pts/0\n88:0\n25 100\non the tty\nword\ngot word\n",
                        converse(container, received.get(0)));
            }
        }
    }

    private String converse(Container container, Fd master) {
        container.start().output();
        StringBuilder said = new StringBuilder();
        while (said.indexOf("on the tty") < 0) { // what is typed is echoed at once
            said.append(new String(kernel.files().read(master, 4096), StandardCharsets.UTF_8));
        }
        kernel.files().writeAll(master, "word\n".getBytes(StandardCharsets.UTF_8));
        said.append(readAll(master));
        master.close();
        return said.toString().replace("\r", "");
    }

    /** Reads until the other end is closed. */
    private String readAll(Fd master) {
        StringBuilder said = new StringBuilder();
        try {
            byte[] part = kernel.files().read(master, 4096);
            while (part.length > 0) {
                said.append(new String(part, StandardCharsets.UTF_8));
                part = kernel.files().read(master, 4096);
            }
        } catch (Failure f) {
            assertTrue(f.getMessage().contains("EIO"), f.getMessage());
        }
        return said.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "run --detach"})
    void detachedTerminalNeedsAConsoleSocket(String command) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
        arguments.add(Sandbox.current().freshId());

        withTerminal()
                .args("true")
                .invoke(arguments)
                .run()
                .failsWith(
                        "cannot allocate tty if j?runc will detach without setting console socket");
    }

    @Test
    void consoleSocketNeedsATerminal() {
        Bundle.busybox()
                .args("true")
                .container()
                .create("--console-socket", "/tmp/no-listener")
                .failsWith("cannot use console socket if j?runc will not detach or allocate tty");
    }

    @Test
    void consoleSocketWithoutAListenerFailsTheCreate() {
        Container container = withTerminal().args("true").container();

        container.create("--console-socket", "/no/such/socket").failsWith("/no/such/socket");
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void consoleSizeWithoutATerminalIsIgnored() {
        var bundle = Bundle.busybox();
        bundle.json("/process/consoleSize", "{\"height\": 25, \"width\": 100}");

        assertEquals("none", bundle.sh("test -t 1 || tty > /dev/null || echo none").output());
    }

    @Test
    @Requires(JRUNC)
    void directoryForAConsoleIsRefused() {
        refused(
                withTerminal().withoutMount("/dev").writable().directory("/dev/console"),
                "process.terminal: .*/dev/console in the image is a directory");
    }

    @Test
    void fileForAConsoleIsCovered() throws IOException {
        var bundle = withTerminal().withoutMount("/dev").writable();
        bundle.file("/dev/console", "untouched");

        Result run = bundle.sh("test -c /dev/console && echo hello > /dev/console");

        assertEquals("hello", run.output());
        assertEquals("untouched", Files.readString(bundle.inside("/dev/console")));
    }

    private static void refused(Bundle bundle, String message) {
        bundle.run("true").failsWith(message);
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    @Requires(SCRIPT)
    void foregroundRunHasTheCallersTerminal() {
        Result run = typescript(withTerminal(), "tty; test -t 0 && test -t 1 && echo yes; exit 7");

        assertEquals(7, run.status(), run::describe);
        assertEquals(List.of("/dev/pts/0", "yes"), seen(run).lines().toList());
    }

    @Test
    @Requires(SCRIPT)
    void sizeOfTheCallersTerminalIsPassedOn() {
        var bundle = withTerminal().args("sh", "-c", "stty size");

        Result run = typescriptAfter("stty rows 33 cols 77; ", bundle.write());

        assertEquals("33 77", seen(run).strip());
    }

    /** Without what the terminal echoes when script(1) finds its own input at its end. */
    private static String seen(Result typescript) {
        return typescript.stdout().replaceAll("\\^[@D]|[\\x00\b\r]", "");
    }

    /** Runs in a terminal of script(1), which prints what is written to it. */
    private static Result typescript(Bundle bundle, String script) {
        return typescriptAfter("", bundle.args("sh", "-c", script).write());
    }

    private static Result typescriptAfter(String before, Bundle bundle) {
        Sandbox sandbox = Sandbox.current();
        String command =
                String.join(
                        " ",
                        before + Program.path(),
                        "--root",
                        sandbox.root().toString(),
                        "run",
                        sandbox.freshId());
        return sandbox.command("script", "-qec", command, "/dev/null").in(bundle.directory()).run();
    }

    private static Bundle withTerminal() {
        return Bundle.busybox().set("/process/terminal", true);
    }
}
