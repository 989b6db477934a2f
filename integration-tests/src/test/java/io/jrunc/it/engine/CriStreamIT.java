// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code kubectl exec}, {@code attach} and {@code port-forward} do, by containerd's server.
 */
class CriStreamIT extends CriEngineCase {
    private static final int PORT = 8080;

    private static CriStream stream(String method, Map<String, ?> request) {
        return new CriStream(engine.room(), engine.call(method, request).path("url").asText());
    }

    private static CriStream exec(PodContainer container, boolean tty, String script) {
        Map<String, Object> request = new HashMap<>(Map.of("container_id", container.id()));
        request.put("cmd", List.of("sh", "-c", script));
        request.put("stdin", true);
        request.put("stdout", true);
        request.put("stderr", !tty);
        request.put("tty", tty);
        return stream("Exec", request);
    }

    private static CriStream attach(PodContainer container, boolean tty) {
        return stream(
                "Attach",
                Map.of(
                        "container_id",
                        container.id(),
                        "stdin",
                        true,
                        "stdout",
                        true,
                        "stderr",
                        !tty,
                        "tty",
                        tty));
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void execHasStreamsAndStatus(String handler) {
        Pod pod = engine.pod(handler);
        PodContainer container = pod.start("sleep", "60");
        try (CriStream exec =
                exec(container, false, "read a; echo got $a; echo error >&2; exit 7")) {
            exec.send(CriStream.STDIN, "some\n");
            exec.awaitEnd();

            assertEquals("got some\n", exec.text(CriStream.STDOUT));
            assertEquals("error\n", exec.text(CriStream.STDERR));
            var status = Json.parse(exec.text(CriStream.ERROR));
            assertEquals("Failure", status.path("status").asText());
            assertEquals("7", status.at("/details/causes/0/message").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void execHasATerminalWithASize(String handler) {
        Pod pod = engine.pod(handler);
        PodContainer container = pod.start("sleep", "60");
        String script = "tty; until stty size | grep -x '37 91'; do sleep 0.1; done";
        try (CriStream exec = exec(container, true, script)) {
            exec.await(CriStream.STDOUT, text -> text.contains("/dev/pts/0\r\n"));
            exec.send(CriStream.RESIZE, "{\"Width\": 91, \"Height\": 37}");
            exec.awaitEnd();

            assertTrue(exec.text(CriStream.STDOUT).endsWith("37 91\r\n"));
            assertTrue(exec.text(CriStream.ERROR).contains("\"Success\""));
        }
    }

    /** kubectl and the kubelet go away whenever they want to. */
    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void containerOutlivesWhatIsAttachedToIt(String handler) {
        Pod pod = engine.pod(handler);
        PodContainer container =
                pod.start(
                        Map.of("/stdin", true),
                        "sh",
                        "-c",
                        "while read a; do echo got $a; [ $a = end ] && exit 4; done");
        for (String word : List.of("first", "second")) {
            try (CriStream attached = attach(container, false)) {
                attached.send(CriStream.STDIN, word + "\n");
                attached.await(CriStream.STDOUT, ("got " + word + "\n")::equals);
            }
        }
        assertEquals("CONTAINER_RUNNING", container.state());
        try (CriStream attached = attach(container, false)) {
            attached.send(CriStream.STDIN, "end\n");
            attached.awaitEnd();
        }

        assertEquals("4 Error", container.end());
        assertEquals(
                List.of("stdout F got first", "stdout F got second", "stdout F got end"),
                container.logged(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void containerHasATerminal(String handler) {
        Pod pod = engine.pod(handler);
        String script = "tty; read a; stty size; echo got $a";
        PodContainer container =
                pod.start(Map.of("/stdin", true, "/tty", true), "sh", "-c", script);
        container.logged(1);
        try (CriStream attached = attach(container, true)) {
            attached.send(CriStream.RESIZE, "{\"Width\": 91, \"Height\": 37}");
            Host.pause(200); // the size and the input come by different ways
            attached.send(CriStream.STDIN, "some\n");
            attached.awaitEnd();
        }

        assertEquals("0 Completed", container.end());
        String logged = String.join("\n", container.logged(4));
        assertTrue(logged.contains("/dev/pts/0"), logged);
        assertTrue(logged.contains("37 91"), logged);
        assertTrue(logged.contains("got some"), logged);
    }

    /** The connection is made in the pod's network namespace. */
    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void portIsForwarded(String handler) {
        try (Pod pod = engine.pod(handler, Map.of())) {
            PodContainer container =
                    pod.start("busybox", "nc", "-ll", "-p", "" + PORT, "-e", "cat");
            String listening = String.format(":%04X ", PORT);
            assertTrue(
                    Host.becomes(
                            PATIENCE_MILLIS,
                            () ->
                                    container
                                            .exec("cat", "/proc/net/tcp", "/proc/net/tcp6")
                                            .stdout()
                                            .contains(listening)));
            String address =
                    engine.call(
                                    "PortForward",
                                    Map.of("pod_sandbox_id", pod.id(), "port", List.of(PORT)))
                            .path("url")
                            .asText();
            try (CriStream forward = new CriStream(engine.room(), address)) {
                forward.send(0, "through");
                forward.await(0, text -> text.endsWith("through"));

                byte[] port = {(byte) (PORT & 0xff), (byte) (PORT >> 8)};
                assertArrayEquals(port, java.util.Arrays.copyOf(forward.bytes(0), 2));
                assertArrayEquals(port, forward.bytes(1), () -> forward.text(1));
            }
        }
    }
}
