// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.process;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The owners of a program's standard streams: it can reopen pipes, and the caller keeps files. */
@Requires({ROOT, JRUNC})
class StreamOwnersIT {
    private static final int UID = 4242;

    private static Object owner(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid");
    }

    private static Bundle bundle(String script) {
        return Bundle.busybox().user(UID, UID).args("sh", "-c", script);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run --detach", "create"})
    @Escape("files-of-the-caller")
    void filesOfTheCallerStayTheCallers(String command) throws IOException {
        Bundle bundle = bundle("sleep 60").write();
        Path input = Files.createFile(Sandbox.current().freshFile("in"));
        Path fifo = Sandbox.current().freshFile("fifo");
        Sandbox.current().command("mkfifo", fifo.toString()).run().output();
        Container container = bundle.container();
        Invocation invocation =
                bundle.invoke((command + " " + container.id()).split(" "))
                        .input(input)
                        .under("sh", "-c", "exec 2<>$0; exec \"$@\"", fifo.toString());
        Invocation.Running running = invocation.start();
        if (!command.equals("run")) {
            running.await();
        }
        assertTrue(Host.becomes(20_000, () -> Sandbox.current().knows(container.id())));
        assertTrue(Host.becomes(20_000, () -> isReady(container)));

        assertEquals(0, owner(input));
        assertEquals(0, owner(running.stdout()));
        assertEquals(0, owner(fifo));
        container.delete("--force");
        running.await();
    }

    private static boolean isReady(Container container) {
        Result state = container.state();
        return state.status() == 0
                && (state.stdout().contains("running") || state.stdout().contains("created"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, UID, 65534})
    void pipeCanBeOpenedAgainInAUserNamespace(int uid) {
        Bundle bundle = Bundle.busybox().user(uid, uid).userNamespace(100_000, 65_536);
        bundle.args("sh", "-c", "echo hi > /dev/stdout");

        Result piped =
                bundle.invoke("run", Sandbox.current().freshId())
                        .under("sh", "-c", "\"$@\" | cat", "sh")
                        .run();

        assertEquals("hi", piped.output(), piped::describe);
    }

    @Test
    void detachedContainerOpensItsPipeAgain() {
        Bundle bundle = bundle("echo hi > /dev/stdout").userNamespace(100_000, 65_536);
        Container container = bundle.container();

        Result piped =
                bundle.invoke("run", "--detach", container.id())
                        .under("sh", "-c", "\"$@\" | cat", "sh")
                        .run();

        assertEquals("hi", piped.output(), piped::describe);
        assertTrue(Host.becomes(20_000, () -> container.status().equals("stopped")));
        assertEquals("", container.delete().output());
    }

    @Test
    void furtherProcessOpensItsPipeAgain() {
        Container container =
                bundle("sleep 60").userNamespace(100_000, 65_536).start("sleep", "60");

        Result piped =
                container
                        .execution("sh", "-c", "echo hi > /dev/stdout")
                        .under("sh", "-c", "\"$@\" | cat", "sh")
                        .run();

        assertEquals("hi", piped.output(), piped::describe);
    }
}
