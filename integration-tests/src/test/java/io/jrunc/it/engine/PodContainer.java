// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A container of a pod. */
record PodContainer(CriEngine engine, String id, Path log) {
    private static final long PATIENCE_MILLIS = 20_000;

    /** What ExecSync returns. */
    record Output(int status, String stdout, String stderr) {}

    void start() {
        engine.call("StartContainer", Map.of("container_id", id));
    }

    void stop(long seconds) {
        engine.call("StopContainer", Map.of("container_id", id, "timeout", seconds));
    }

    void remove() {
        engine.call("RemoveContainer", Map.of("container_id", id));
    }

    JsonNode status() {
        return engine.call("ContainerStatus", Map.of("container_id", id)).path("status");
    }

    String state() {
        return status().path("state").asText();
    }

    /** Waits for the end; returns the exit code and the reason. */
    String end() {
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> state().equals("CONTAINER_EXITED")),
                () -> status().toString());
        JsonNode status = status();
        return status.path("exit_code").asText() + " " + status.path("reason").asText();
    }

    /** Runs a command in the container, as a probe does. */
    Output exec(String... command) {
        return exec(0, command);
    }

    /** The same with a limit of seconds; 0 is no limit. */
    Output exec(long seconds, String... command) {
        JsonNode answer =
                engine.call(
                        "ExecSync",
                        Map.of("container_id", id, "cmd", List.of(command), "timeout", seconds));
        return new Output(
                answer.path("exit_code").asInt(),
                decoded(answer.path("stdout")),
                decoded(answer.path("stderr")));
    }

    private static String decoded(JsonNode bytes) {
        try {
            return new String(bytes.binaryValue(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that it has logged: each begins with time, stream and a tag. */
    List<String> logged() {
        return Files.exists(log)
                ? Result.text(log)
                        .lines()
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .toList()
                : List.of();
    }

    /** Waits until it has logged so many lines. */
    List<String> logged(int lines) {
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> logged().size() >= lines),
                () -> logged() + " " + status());
        return logged();
    }

    /** Its init's files in /proc; the pid is out of what a verbose status shows. */
    Path init() {
        JsonNode answer =
                engine.call("ContainerStatus", Map.of("container_id", id, "verbose", true));
        long pid = Json.parse(answer.at("/info/info").asText()).path("pid").asLong();
        return engine.room().file("/proc/" + pid);
    }
}
