// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SHELLS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Pty;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shells themselves complete command lines: bash and zsh at a terminal, fish on request. */
@Requires({ROOT, JRUNC, SHELLS})
class CompletionIT {
    private static final long PATIENCE_MILLIS = 15_000;
    private static final int TIME_FOR_NOTHING_MILLIS = 700;
    private static final String PROMPT = "host$ ";
    private static final String DELETE_LINE = "\u0015";

    /** Something that completes a line, and shows on what. */
    private interface Shell {
        /** Completes {@code line}: shows {@code wanted}, and none of {@code unwanted}. */
        void check(String line, List<String> wanted, List<String> unwanted);
    }

    private Path directory;

    @BeforeEach
    void standHere() {
        directory = Sandbox.current().freshDirectory("completed");
    }

    private static Path program() {
        return Path.of(Program.path());
    }

    private static String script(String shell) throws IOException {
        String text = Sandbox.current().runtime("completion", shell).run().output() + "\n";
        Path file = Sandbox.current().freshFile(shell);
        return Files.writeString(file, text).toString();
    }

    /** What every shell completes. */
    private void checkAll(Shell shell) throws IOException {
        Files.createDirectory(directory.resolve("place-directory"));
        Files.writeString(directory.resolve("place-file"), "");
        var container = Bundle.busybox().start("sleep", "60");
        String id = container.id();
        String root = "--root " + Sandbox.current().root();
        String begun = Sandbox.current().token();

        shell.check("jrunc st", List.of("start", "state"), List.of("spec"));
        shell.check("jrunc run --det", List.of("--detach"), List.of());
        shell.check("jrunc --debug seccomp re", List.of("record", "resolve"), List.of("resume"));
        shell.check("jrunc --log-format js", List.of("json"), List.of());
        shell.check("jrunc info --format=te", List.of("text"), List.of());
        shell.check("jrunc help upd", List.of("update"), List.of());
        shell.check("jrunc " + root + " kill " + begun, List.of(id), List.of());
        shell.check("jrunc " + root.replace("t /", "t=/") + " ps " + begun, List.of(id), List.of());
        shell.check("jrunc kill some SEG", List.of("SEGV"), List.of());
        shell.check("jrunc spec --bundle pla", List.of("place-directory"), List.of("place-file"));
        shell.check("jrunc --log place-f", List.of("place-file"), List.of());
        shell.check("jrunc exec --tty some --det", List.of(), List.of("--detach"));
        shell.check("jrunc run " + begun, List.of(), List.of(id));
    }

    @Test
    void bash() throws IOException {
        checkAtTerminal("bind 'set show-all-if-ambiguous on'; ", "bash", "--norc", "--noprofile");
    }

    /** The functions of the package bash-completion replace parts of bash's own behaviour. */
    @Test
    void bashWithItsPackage() throws IOException {
        checkAtTerminal(
                "bind 'set show-all-if-ambiguous on';"
                        + " . /usr/share/bash-completion/bash_completion; ",
                "bash",
                "--norc",
                "--noprofile");
    }

    @Test
    void zsh() throws IOException {
        checkAtTerminal(
                "autoload -U compinit; compinit -u -D; unsetopt list_ambiguous; ", "zsh", "-f");
    }

    private void checkAtTerminal(String setup, String... command) throws IOException {
        try (Pty pty = new Pty()) {
            pty.resize(50, 200);
            String path = program().getParent() + ":" + System.getenv("PATH");
            List<String> words = new ArrayList<>(List.of("env", "TERM=vt100"));
            words.add("PATH=" + path);
            words.addAll(List.of(command));
            words.add("-i");
            pty.start(directory, words);
            pty.type(setup + "source " + script(command[0]) + "; echo rea''dy\r");
            pty.awaitText("ready\r");
            pty.awaitText(PROMPT);
            checkAll((line, wanted, unwanted) -> check(pty, line, wanted, unwanted));
        }
    }

    private static void check(Pty pty, String line, List<String> wanted, List<String> unwanted) {
        pty.type(line + "\t");
        if (wanted.isEmpty()) {
            Host.pause(TIME_FOR_NOTHING_MILLIS);
        }
        boolean all =
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> wanted.stream().allMatch(word -> shows(pty.screen(), line, word)));
        String screen = pty.screen();
        assertTrue(all, () -> line + ": no " + wanted + " on: " + screen);
        unwanted.forEach(
                word -> assertFalse(shows(screen, line, word), () -> line + ": " + screen));
        pty.type(DELETE_LINE + "echo en''d\r");
        pty.awaitText("end\r");
        pty.awaitText(PROMPT);
    }

    /** Whether the word is on the screen, be it that the shell has only added its end. */
    private static boolean shows(String screen, String line, String word) {
        String typed = line.substring(Math.max(line.lastIndexOf(' '), line.lastIndexOf('=')) + 1);
        boolean completed = screen.replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]|\0", "").contains(word);
        return completed && !typed.equals(word);
    }

    @Test
    void fish() throws IOException {
        String script = script("fish");
        checkAll(
                (line, wanted, unwanted) -> {
                    String shown = fish(script, line);
                    List<String> offers =
                            shown.lines().map(offer -> offer.split("\t", 2)[0]).toList();
                    String rest = line.substring(line.lastIndexOf(' ') + 1);
                    String prefix = rest.substring(0, rest.indexOf('=') + 1);
                    for (String word : wanted) {
                        boolean isThere =
                                offers.contains(prefix + word)
                                        || offers.contains(prefix + word + "/");
                        assertTrue(isThere, () -> line + ": no " + word + " in " + offers);
                    }
                    unwanted.forEach(
                            word -> assertFalse(offers.contains(word), () -> line + offers));
                });
    }

    private String fish(String script, String line) {
        return Sandbox.current()
                .command(
                        "fish",
                        "--no-config",
                        "-c",
                        "source $argv[1]; complete -C $argv[2]",
                        script,
                        line)
                .in(directory)
                .variable("PATH", program().getParent() + ":" + System.getenv("PATH"))
                .variable("HOME", directory.toString())
                .run()
                .output();
    }

    @Test
    void distributionHasTheSameScriptsWhereShellsLookForThem() throws IOException {
        Path share = program().getParent().resolveSibling("share");
        for (String[] one :
                new String[][] {
                    {"bash", "bash-completion/completions/jrunc"},
                    {"zsh", "zsh/site-functions/_jrunc"},
                    {"fish", "fish/vendor_completions.d/jrunc.fish"}
                }) {
            assertEquals(
                    Files.readString(Path.of(script(one[0]))),
                    Files.readString(share.resolve(one[1])),
                    one[0]);
        }
    }

    @Test
    void otherShellsAreRefused() {
        Sandbox.current().runtime("completion", "csh").run().failsWith("csh", "bash, zsh or fish");
    }
}
