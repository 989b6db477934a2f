// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A command of jrunc that waits in a hook of its container, until it is let go. */
public final class HeldRuntime {
    private static final long PATIENCE_MILLIS = 20_000;

    private final Invocation.Running running;
    private final Path began;
    private final Path gate;

    private HeldRuntime(Invocation.Running running, Path began, Path gate) {
        this.running = running;
        this.began = began;
        this.gate = gate;
    }

    /** Adds a hook of the host's namespaces that says it has begun and waits. */
    public static HeldRuntime of(Bundle bundle, String kind, List<String> command) {
        Path began = Sandbox.current().freshFile("began");
        Path gate = Sandbox.current().freshFile("gate");
        Sandbox.current().command("mkfifo", gate.toString()).run().output();
        String script = "echo > " + began + "; read line < " + gate;
        bundle.add(
                "/hooks/" + kind, Map.of("path", "/bin/sh", "args", List.of("sh", "-c", script)));
        HeldRuntime held = new HeldRuntime(bundle.invoke(command).start(), began, gate);
        assertTrue(Host.becomes(PATIENCE_MILLIS, held::hasBegun), held.running.soFar()::describe);
        return held;
    }

    private boolean hasBegun() {
        return Files.exists(began);
    }

    public Invocation.Running launcher() {
        return running;
    }

    /** The JVM's pid. */
    public long java() {
        return running.process()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** Lets the hook end, and waits for the command. */
    public Result letGo() {
        // Both ways: this does not wait for the other end, which may be gone already.
        try (var open = FileChannel.open(gate, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            open.write(ByteBuffer.wrap("go\n".getBytes(StandardCharsets.UTF_8)));
            return running.await();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
