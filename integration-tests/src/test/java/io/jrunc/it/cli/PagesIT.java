// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.BASH;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jrunc.it.harness.Criu;
import io.jrunc.it.harness.Feature;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the documents do what the documents say. */
@Requires({ROOT, JRUNC, BASH})
class PagesIT {
    private static final Path DOCUMENTS = Path.of("../docs");
    private static final Path README = Path.of("../README.md");
    private static final int LEAST_PAGES = 8;
    private static final long PATIENCE_SECONDS = 120;

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(DOCUMENTS)) {
            return Stream.concat(Stream.of(README), files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !ConsolePage.of(file).commands().isEmpty())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void pagesAreFound() throws IOException {
        assertTrue(pages().size() >= LEAST_PAGES, pages()::toString);
    }

    /**
     * All commands of a page are one session of a shell in a fresh directory, for root or, of the
     * page about that, for another user. {@code sudo} does nothing more, and {@code jrunc} is that
     * under test, with a state directory of its own.
     */
    @ParameterizedTest
    @MethodSource("pages")
    void commandsPrintWhatThePageSays(Path file) throws IOException {
        assumeTrue(Program.installed("jq").isPresent(), "jq is not installed");
        boolean checkpoint = file.endsWith("checkpoint.md");
        assumeTrue(!checkpoint || Feature.CRIU.isThere(), Feature.CRIU.reason());
        boolean rootless = file.endsWith("rootless.md");
        assumeTrue(!rootless || Feature.SETPRIV.isThere(), Feature.SETPRIV.reason());
        ConsolePage page = ConsolePage.of(file);
        Path directory = Sandbox.current().freshDirectory("page");
        Path programs = Sandbox.current().freshDirectory("programs");
        String root = Sandbox.current().root().toString();
        String options = rootless ? "" : " --root " + root;
        program(programs, "jrunc", Program.path() + options + " \"$@\"");
        program(programs, "sudo", "\"$@\"");
        Path script = Sandbox.current().freshFile("session");
        Files.writeString(script, page.script());
        Invocation shell = Sandbox.current().command("bash", script.toString());
        if (rootless) {
            OrdinaryUser.give(directory);
            shell.under(OrdinaryUser.become());
            shell.variable("XDG_RUNTIME_DIR", directory.toString());
        }

        Result session =
                shell.variable("PATH", programs + ":" + Criu.before(System.getenv("PATH")))
                        .in(directory)
                        .patience(PATIENCE_SECONDS)
                        .run();

        assertEquals(List.of(), page.differences(session.stdout()), session::describe);
    }

    private static void program(Path directory, String name, String command) throws IOException {
        Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\nexec " + command + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
