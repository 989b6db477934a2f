// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.console;

import static io.jrunc.it.harness.Feature.BASH;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Pty;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A foreground run on a real terminal. Source: runc's docs/terminals.md, termios(3). */
@Requires(ROOT)
class ForegroundTerminalIT {
    private static final long PATIENCE_MILLIS = 10_000;

    /** Lines of 2000 bytes: a terminal hands out one at a time. */
    private static final String HUNDRED_MEGABYTES = "yes $(printf %01999d 0) | head -n 50000";

    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";

    private static Bundle withTerminal() {
        return Bundle.busybox().set("/process/terminal", true);
    }

    private static Bundle shell(String script) {
        return withTerminal().args("sh", "-c", script);
    }

    private static List<String> run(Bundle bundle) {
        bundle.write();
        Sandbox sandbox = Sandbox.current();
        return List.of(
                Program.path(), "--root", sandbox.root().toString(), "run", sandbox.freshId());
    }

    @Test
    @Shows("process.terminal")
    void everyKeyIsTheContainers() {
        try (Pty pty = new Pty()) {
            String before = pty.settings();
            var bundle =
                    shell("stty raw -echo; echo ready; head -c 5 | hexdump -e '5/1 \"%02x \"'");
            Process run = pty.start(bundle.directory(), run(bundle));
            pty.awaitText("ready");
            assertTrue(pty.isRaw());

            pty.type("\u0003\u001a\u0004\u0013\r");

            pty.awaitText("03 1a 04 13 0d");
            assertEquals(0, pty.await(run));
            assertEquals(before, pty.settings());
        }
    }

    @Test
    void ctrlCInterruptsTheContainersProcess() {
        try (Pty pty = new Pty()) {
            var bundle =
                    shell(
                            "trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.1; done");
            Process run = pty.start(bundle.directory(), run(bundle));
            pty.awaitText("ready");

            pty.type(CTRL_C);

            assertEquals(3, pty.await(run));
            pty.awaitText("caught");
        }
    }

    @Test
    void ctrlDEndsTheContainersInput() {
        try (Pty pty = new Pty()) {
            var bundle = shell("echo ready; cat; echo end");
            Process run = pty.start(bundle.directory(), run(bundle));
            pty.awaitText("ready");

            pty.type("word\r" + CTRL_D);

            pty.awaitText("end");
            assertEquals(0, pty.await(run));
        }
    }

    /** Job control inside the container is the container's shell's. */
    @Test
    void ctrlZStopsAJobOfTheContainersShell() {
        try (Pty pty = new Pty()) {
            var bundle = withTerminal().args("sh").env("PS1=inside$ ");
            Process run = pty.start(bundle.directory(), run(bundle));
            pty.awaitText("inside$ ");
            pty.type("sleep 100\r");
            Host.pause(200);

            pty.type("\u001a");

            pty.awaitText("Stopped");
            pty.type("kill -9 %1; sleep 1; exit 4; exit 4\r");
            assertEquals(4, pty.await(run));
        }
    }

    @Test
    @Shows("process.consoleSize")
    void containerHasTheSizeOfTheTerminalAndIsSignalledOfChanges() {
        try (Pty pty = new Pty()) {
            pty.resize(33, 77);
            // The trap first: the test may change the size as soon as it is printed.
            var bundle = shell("trap 'stty size' WINCH; stty size; until read word; do :; done");
            bundle.json("/process/consoleSize", "{\"height\": 5, \"width\": 6}");
            Process run = pty.start(bundle.directory(), run(bundle));
            pty.awaitText("33 77");

            pty.resize(40, 120);

            pty.awaitText("40 120");
            pty.type("\r");
            assertEquals(0, pty.await(run));
        }
    }

    @Test
    @Requires(JRUNC)
    @Shows("process.consoleSize")
    void terminalWithoutSizeLeavesTheOneOfTheSpecification() {
        try (Pty pty = new Pty()) {
            var bundle = shell("stty size");
            bundle.json("/process/consoleSize", "{\"height\": 25, \"width\": 100}");
            Process run = pty.start(bundle.directory(), run(bundle));

            pty.awaitText("25 100");
            assertEquals(0, pty.await(run));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "HUP", "INT", "QUIT", "USR1", "SEGV"})
    void terminalIsAsItWasAfterASignalToTheRuntime(String signal) {
        try (Pty pty = new Pty()) {
            String before = pty.settings();
            var bundle =
                    shell("trap 'exit 9' " + signal + "; echo ready; while :; do sleep 0.1; done");
            Process run = pty.start(bundle.directory(), run(bundle));
            pty.awaitText("ready");
            assertTrue(pty.becomesRaw(true));

            signal(run.pid(), signal);

            assertEquals(9, pty.await(run));
            assertEquals(before, pty.settings());
        }
    }

    @Test
    void terminalIsAsItWasAfterTheContainerWasKilled() {
        try (Pty pty = new Pty()) {
            String before = pty.settings();
            var bundle = shell("echo ready; sleep 100");
            List<String> command = run(bundle);
            Process run = pty.start(bundle.directory(), command);
            pty.awaitText("ready");
            assertTrue(pty.becomesRaw(true));

            Sandbox.current().runtime("kill", command.get(4), "KILL").run().output();

            assertEquals(128 + 9, pty.await(run));
            assertEquals(before, pty.settings());
        }
    }

    @Test
    void terminalIsAsItWasAfterARunThatFails() {
        try (Pty pty = new Pty()) {
            String before = pty.settings();
            var bundle = withTerminal().args("/no/such/program");

            Process run = pty.start(bundle.directory(), run(bundle));

            assertEquals(1, pty.await(run));
            assertEquals(before, pty.settings());
        }
    }

    @Test
    @Requires({JRUNC, BASH})
    void runtimeThatIsStoppedGivesTheTerminalBackUntilItIsContinued() {
        try (Pty pty = new Pty()) {
            String before = pty.settings();
            var bundle = shell("echo ready; read word; stty size; echo got $word");
            Process bash = bash(pty, bundle);
            pty.type(String.join(" ", run(bundle)) + "\r");
            pty.awaitText("ready");
            assertTrue(pty.becomesRaw(true));
            long launcher = bash.children().findFirst().orElseThrow().pid();

            signal(launcher, "TSTP");

            pty.awaitText("Stopped");
            assertTrue(pty.becomesRaw(false));
            assertEquals("T", state(launcher));
            pty.resize(20, 60);
            pty.type("fg\r");
            assertTrue(pty.becomesRaw(true));
            pty.type("word\r");
            pty.awaitText("20 60");
            pty.awaitText("got word");
            pty.awaitText("host$ ");
            pty.type("exit\r");
            pty.await(bash);
            assertEquals(before, pty.settings());
        }
    }

    @Test
    @Requires({JRUNC, BASH})
    void runInTheBackgroundLeavesTheTerminalAlone() {
        try (Pty pty = new Pty()) {
            var bundle = shell("echo ready; read word; echo got $word");
            Process bash = bash(pty, bundle);
            pty.type(String.join(" ", run(bundle)) + " &\r");
            pty.awaitText("ready");

            pty.type("echo $((6 * 7))\r");

            pty.awaitText("42"); // the keys went to the shell
            long launcher = bash.children().findFirst().orElseThrow().pid();
            assertTrue(List.of("S", "R").contains(state(launcher)), () -> state(launcher));
            assertTrue(cpuTicks(launcher) < 20, "it waits without turning");

            pty.type("fg\r");
            pty.awaitText("fg");
            assertTrue(pty.becomesRaw(true));
            Host.pause(600); // the launcher looks four times a second
            pty.type("word\r");
            pty.awaitText("got word");
            pty.awaitText("host$ ");
            pty.type("exit\r");
            pty.await(bash);
        }
    }

    /** An init that opens /dev/console for each line, as systemd does. */
    @Test
    void outputGoesOnAfterTheContainerHadNoTerminalOpen() {
        try (Pty pty = new Pty()) {
            var bundle =
                    shell(
                            "exec <&- >&- 2>&-; sleep 0.3; echo one > /dev/console; sleep 0.3;"
                                    + " echo two > /dev/console; exit 5");
            Process run = pty.start(bundle.directory(), run(bundle));

            pty.awaitText("one");
            pty.awaitText("two");
            assertEquals(5, pty.await(run));
        }
    }

    @Test
    void terminalThatHangsUpEndsTheInput() {
        Process run;
        try (Pty pty = new Pty()) {
            var bundle = shell("trap '' HUP; echo ready; cat; exit 6");
            run = pty.start(bundle.directory(), new ArrayList<>(run(bundle)));
            pty.awaitText("ready");
            assertTrue(pty.becomesRaw(true));
            pty.hangUp();
            assertTrue(Host.becomes(PATIENCE_MILLIS, () -> !run.isAlive()), "it goes on");
        }
        assertEquals(6, run.exitValue());
    }

    @Test
    @Requires(JRUNC)
    void inputThatIsNoTerminalReachesTheContainerAndEnds() throws IOException {
        Path input = Files.writeString(Sandbox.current().freshFile("input"), "one\ntwo");
        var bundle = shell("stty -echo; echo; cat; echo; echo end");

        Result run = bundle.invoke("run", Sandbox.current().freshId()).input(input).run();

        assertTrue(run.output().endsWith("one\ntwo\nend"), run::describe);
        assertFalse(run.stdout().contains("\r"), run::describe);
    }

    /** What a shell has captured, with its input from a terminal. */
    @Test
    void capturedOutputHasNoReturns() throws IOException {
        Path captured = Sandbox.current().freshFile("captured");
        var bundle = shell("echo one; echo two");
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "exec \"$@\" > " + captured, "sh"));
        command.addAll(run(bundle));

        try (Pty pty = new Pty()) {
            Process run = pty.start(bundle.directory(), command);
            assertTrue(Host.becomes(PATIENCE_MILLIS, () -> !run.isAlive()), "it goes on");
        }

        assertEquals("one\ntwo\n", Files.readString(captured));
    }

    @Test
    void capturedOutputOfExecHasNoReturns() throws IOException {
        Path captured = Sandbox.current().freshFile("captured");
        var container = Bundle.busybox().start("sleep", "60");
        String exec =
                String.join(
                        " ",
                        Program.path(),
                        "--root",
                        Sandbox.current().root().toString(),
                        "exec -t",
                        container.id(),
                        "sh -c 'echo one; echo two' >",
                        captured.toString());

        try (Pty pty = new Pty()) {
            Process run = pty.start(Sandbox.current().directory(), List.of("sh", "-c", exec));
            assertTrue(Host.becomes(PATIENCE_MILLIS, () -> !run.isAlive()), "it goes on");
        }

        assertEquals("one\ntwo\n", Files.readString(captured));
    }

    /** On a screen each line begins at the left all the same. */
    @Test
    void terminalOfTheCallerAddsTheReturns() {
        try (Pty pty = new Pty()) {
            var bundle = shell("echo one; echo two");
            pty.start(bundle.directory(), new ArrayList<>(run(bundle)));
            pty.awaitText("one\r\ntwo\r\n");
        }
    }

    /** 100 MB, and a reader that pauses until long after the container's end. */
    @Test
    @Requires(JRUNC)
    void allOutputArrivesHoweverSlowlyItIsRead() {
        var bundle = shell("stty -echo; " + HUNDRED_MEGABYTES);

        Result run =
                piped(bundle, "%s < /dev/null | (sleep 2; head -c 1000; sleep 1; cat) | md5sum");

        assertEquals(sumOfHundredMegabytes(), run.output());
    }

    @Test
    @Requires(JRUNC)
    void lastOutputArrivesAtAReaderThatOutlivesTheContainer() {
        // Two kilobytes more than a pipe holds: the rest waits in the terminal.
        Result run =
                piped(
                        shell("yes 0123456789abcde | head -n 4224"),
                        "%s < /dev/null | (sleep 2; wc -l)");

        assertEquals("4224", run.output());
    }

    @Test
    @Requires(JRUNC)
    void hundredMegabytesOfInputArrive() {
        var bundle = shell("stty -echo; echo; md5sum");

        Result run = piped(bundle, "(sleep 1; " + HUNDRED_MEGABYTES + ") | %s | tail -n 1");

        assertEquals(sumOfHundredMegabytes(), run.output());
    }

    private static String sumOfHundredMegabytes() {
        return Sandbox.current()
                .command("sh", "-c", HUNDRED_MEGABYTES + " | md5sum")
                .run()
                .output();
    }

    @Test
    @Requires(JRUNC)
    void readerThatGoesAwayDoesNotStopTheContainer() {
        Path shared = Sandbox.current().freshDirectory("shared");
        var bundle = shell("yes | head -n 100000; echo done > /shared/done");
        bundle.bind(shared, "/shared");

        piped(bundle, "%s < /dev/null | head -n 1");

        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> Files.exists(shared.resolve("done"))));
    }

    /** Runs it in a shell command, as {@code %s} there. */
    private static Result piped(Bundle bundle, String command) {
        String line = command.replace("%s", String.join(" ", run(bundle)));
        return Sandbox.current().command("sh", "-c", line).in(bundle.directory()).run();
    }

    /** An interactive shell with job control, which reads whole lines. */
    private static Process bash(Pty pty, Bundle bundle) {
        List<String> command = List.of("bash", "--norc", "--noprofile", "--noediting", "-i");
        Process bash = pty.start(bundle.directory(), command);
        pty.awaitText("host$ ");
        return bash;
    }

    private static void signal(long pid, String signal) {
        Sandbox.current().command("kill", "-" + signal, Long.toString(pid)).run().output();
    }

    private static String state(long pid) {
        String stat = Host.proc(pid, "stat").orElseThrow();
        return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    }

    /** Time that a process has used, user and system, in hundredths of a second. */
    private static long cpuTicks(long pid) {
        String stat = Host.proc(pid, "stat").orElseThrow();
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
