// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import io.jrunc.it.harness.BusyboxImage;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A pod of Kubernetes, from RunPodSandbox to RemovePodSandbox. */
final class Pod implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 20_000;

    private final CriEngine engine;
    private final ObjectNode configuration;
    private final Path logs;
    private final String cgroup;
    private final String id;

    Pod(CriEngine engine, String handler, Map<String, ?> changes) {
        this.engine = engine;
        String name = engine.room().sandbox().freshId();
        logs = engine.room().sandbox().freshDirectory("logs");
        Map<String, String> metadata = Map.of("name", name, "uid", name, "namespace", "tests");
        configuration = (ObjectNode) Json.of(Map.of("metadata", metadata));
        set(configuration, "/hostname", name);
        set(configuration, "/log_directory", logs.toString());
        cgroup = engine.room().cgroup() + "/" + name;
        set(configuration, "/linux/cgroup_parent", cgroup);
        changes.forEach((place, value) -> set(configuration, place, value));
        Map<String, ?> request = Map.of("config", configuration, "runtime_handler", handler);
        id = engine.call("RunPodSandbox", request).path("pod_sandbox_id").asText();
    }

    /** Sets the value at a JSON pointer, and makes the objects that lead to it. */
    private static void set(ObjectNode root, String place, Object value) {
        JsonPointer pointer = JsonPointer.compile(place);
        ObjectNode parent =
                pointer.head().matches() ? root : root.withObject(pointer.head().toString());
        parent.set(pointer.last().getMatchingProperty(), Json.of(value));
    }

    String id() {
        return id;
    }

    CriEngine engine() {
        return engine;
    }

    JsonNode status() {
        return engine.call("PodSandboxStatus", Map.of("pod_sandbox_id", id)).path("status");
    }

    /**
     * Repeated if it fails, as the kubelet does: a shim that is asked while it sees its container's
     * end may answer no more, whatever the runtime is.
     */
    void stop() {
        assertTrue(Host.becomes(PATIENCE_MILLIS, this::stops), () -> id + " does not stop");
    }

    private boolean stops() {
        try {
            engine.call("StopPodSandbox", Map.of("pod_sandbox_id", id));
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** The kubelet removes the pod's cgroup, too, in all hierarchies. */
    void remove() {
        engine.call("RemovePodSandbox", Map.of("pod_sandbox_id", id));
        for (Path own : Host.cgroups(cgroup)) {
            assertTrue(own.endsWith(cgroup.substring(1)), () -> own + " is left");
            assertTrue(own.toFile().delete(), () -> own + " is in use");
        }
    }

    @Override
    public void close() {
        stop();
        remove();
    }

    /** Creates a container; {@code changes} are values by their places in its configuration. */
    PodContainer create(Map<String, ?> changes, String... command) {
        String name = engine.room().sandbox().freshId();
        ObjectNode container = (ObjectNode) Json.of(Map.of("metadata", Map.of("name", name)));
        set(container, "/image/image", BusyboxImage.NAME);
        set(container, "/command", List.of(command));
        set(container, "/log_path", name + ".log");
        changes.forEach((place, value) -> set(container, place, value));
        Map<String, ?> request =
                Map.of(
                        "pod_sandbox_id", id,
                        "config", container,
                        "sandbox_config", configuration);
        String created = engine.call("CreateContainer", request).path("container_id").asText();
        return new PodContainer(engine, created, logs.resolve(name + ".log"));
    }

    PodContainer start(Map<String, ?> changes, String... command) {
        PodContainer container = create(changes, command);
        container.start();
        return container;
    }

    PodContainer start(String... command) {
        return start(Map.of(), command);
    }
}
