// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Root names a state directory on whose path another user has something to say. */
@Requires({ROOT, JRUNC})
@Escape("foreign-root")
class ForeignStateIT {
    private static final String USER = "65534";

    private Path state;
    private Path others;
    private Path proof;
    private Bundle bundle;
    private Container container;

    @BeforeEach
    void makeAContainerWithAHook() {
        state = Sandbox.current().root();
        others = Sandbox.current().freshDirectory("others");
        proof = Sandbox.current().freshFile("proof");
        String hook = "[{\"path\": \"/bin/touch\", \"args\": [\"touch\", \"" + proof + "\"]}]";
        bundle = Bundle.busybox().json("/hooks/poststop", hook);
        container = bundle.create("sleep", "60");
    }

    private static void own(String user, Path path) {
        Sandbox.current().command("chown", "-h", user, path.toString()).run().output();
    }

    /** Every command that names a container, or all of them, on the state as seen by that path. */
    private void assertRefused(Path root, String problem) {
        String id = container.id();
        for (List<String> command :
                List.of(
                        List.of("delete", "--force", id),
                        List.of("delete", id),
                        List.of("delete", "--all"),
                        List.of("state", id),
                        List.of("list"),
                        List.of("start", id),
                        List.of("kill", id, "KILL"),
                        List.of("ps", id),
                        List.of("exec", id, "true"),
                        List.of("create", id),
                        List.of("run", id))) {
            List<String> words =
                    new ArrayList<>(List.of(Program.path(), "--root", root.toString()));
            words.addAll(command);

            Result result = Sandbox.current().command(words).in(bundle.directory()).run();

            assertTrue(result.status() == 1 || result.status() == 255, result::describe);
            assertTrue(result.stderr().contains("state directory " + root), result::describe);
            assertTrue(result.stderr().contains(problem), result::describe);
        }
        assertFalse(Files.exists(proof), "the hook ran");
    }

    /** The way there leads through a directory in which another user may rename all there is. */
    @Test
    void directoryBelowThatOfAnotherIsRefused() throws IOException {
        Path root = Files.move(state, others.resolve("state"));
        own(USER, others);
        try {
            assertRefused(root, others.toRealPath() + ": it belongs to uid " + USER);
        } finally {
            Files.move(root, state);
        }
        assertEquals("created", container.status());
    }

    @Test
    void linkOfAnotherIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(Sandbox.current().freshFile("link"), state);
        own(USER, link);

        assertRefused(link, "it belongs to uid " + USER);
        assertEquals("created", container.status());
    }

    @Test
    void linkOfTheCallersOwnIsFollowed() throws IOException {
        Path link = Files.createSymbolicLink(Sandbox.current().freshFile("link"), state);

        Result list =
                Sandbox.current()
                        .command(Program.path(), "--root", link.toString(), "list", "-q")
                        .run();

        assertEquals(container.id(), list.output());
    }
}
