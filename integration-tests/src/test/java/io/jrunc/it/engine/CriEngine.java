// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.StatusRuntimeException;
import io.jrunc.it.harness.BusyboxImage;
import io.jrunc.it.harness.Containerd;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * containerd with its CRI plugin, as the kubelet finds it, in a place of its own: images of busybox
 * and of a pause program, a bridge for the pods, and two handlers: the program under test, and
 * runc.
 */
final class CriEngine implements AutoCloseable {
    static final String TESTED = "tested";
    static final String RUNC = "runc";

    private static final long PATIENCE_MILLIS = 20_000;
    private static final String STATES = "/run/containerd/runc/k8s.io";
    private static final String PAUSE = "docker.io/library/pause:latest";

    /** Ends at a signal, and reaps the processes that it inherits, as Kubernetes' own does. */
    private static final List<String> PAUSE_PROGRAM =
            List.of("/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done");

    private static final String CONFIGURATION =
            """
            [plugins."io.containerd.internal.v1.opt"]
            path = "/run/opt"
            [plugins."io.containerd.grpc.v1.cri"]
            sandbox_image = "%s"
            restrict_oom_score_adj = true
            stream_server_address = "127.0.0.1"
            stream_server_port = "0"
            [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "%s"
            conf_dir = "/etc/cni/net.d"
            """;
    private static final String NETWORK =
            """
            {"cniVersion": "0.4.0", "name": "pods", "plugins": [{
              "type": "bridge", "bridge": "pods0", "isGateway": true,
              "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.23.0.0/16"}]]}}]}
            """;

    private final EngineSandbox room = new EngineSandbox();
    private final CriClient client;
    private final Map<String, Pod> shared = new HashMap<>();

    private CriEngine() {
        client = new CriClient(room.file("/run/containerd/containerd.sock"));
    }

    /** Starts containerd, and waits until it is ready for pods. */
    static CriEngine start() {
        CriEngine engine = new CriEngine();
        try {
            engine.prepare();
            return engine;
        } catch (RuntimeException | Error e) {
            engine.client.close();
            engine.room.close();
            throw e;
        }
    }

    private void prepare() {
        String plugins = Containerd.networkPlugins().toString();
        room.write(
                "/etc/containerd/config.toml",
                "version = 2\n"
                        + CONFIGURATION.formatted(PAUSE, plugins)
                        + handler(TESTED, Program.path())
                        + handler(RUNC, Program.installed("runc").orElseThrow()));
        room.write("/etc/cni/net.d/10-pods.conflist", NETWORK);
        room.daemon(containerd("containerd"), containerd("ctr", "version"));
        load(BusyboxImage.archive(room.sandbox()));
        load(BusyboxImage.archive(room.sandbox(), PAUSE, PAUSE_PROGRAM));
        assertTrue(Host.becomes(PATIENCE_MILLIS, this::isReady), () -> status().toString());
    }

    /** The example of docs/engines.md, with another name and path, where no systemd runs. */
    private static String handler(String name, String program) {
        return EnginesPage.containerd(2)
                .replace("version = 2\n", "")
                .replace("runtimes.jrunc", "runtimes." + name)
                .replace(EnginesPage.PROGRAM, program)
                .replace("SystemdCgroup = true", "SystemdCgroup = false");
    }

    /** A command whose own commands are found beside containerd first. */
    private static List<String> containerd(String... words) {
        String path = Containerd.directory() + ":/usr/sbin:/usr/bin:/sbin:/bin";
        var command = new ArrayList<>(List.of("env", "PATH=" + path));
        command.addAll(List.of(words));
        return command;
    }

    private void load(Path archive) {
        String file = archive.toString();
        room.command(containerd("ctr", "-n", "k8s.io", "images", "import", file)).run().output();
    }

    private boolean isReady() {
        for (JsonNode condition : status().at("/status/conditions")) {
            if (!condition.path("status").asBoolean()) {
                return false;
            }
        }
        return has(BusyboxImage.NAME) && has(PAUSE);
    }

    private JsonNode status() {
        try {
            return call("Status", Map.of());
        } catch (StatusRuntimeException e) {
            return Json.of(
                    Map.of("status", Map.of("conditions", List.of(Map.of("message", "" + e)))));
        }
    }

    private boolean has(String image) {
        return call("ImageStatus", Map.of("image", Map.of("image", image))).has("image");
    }

    /** Makes a call of the interface. */
    JsonNode call(String method, Map<String, ?> request) {
        return client.call(method, request);
    }

    EngineSandbox room() {
        return room;
    }

    /** Starts a pod; {@code changes} are values by their places in its configuration. */
    Pod pod(String handler, Map<String, ?> changes) {
        return new Pod(this, handler, changes);
    }

    /** The pod of tests that need none of their own. */
    Pod pod(String handler) {
        return shared.computeIfAbsent(handler, any -> pod(any, Map.of()));
    }

    /** The containers, pods included, that are left, and their cgroups. */
    List<String> left() {
        return room.containers(STATES);
    }

    /** Nothing may be left. */
    @Override
    public void close() {
        try (room;
                client) {
            shared.values().forEach(Pod::close);
            assertTrue(
                    Host.becomes(PATIENCE_MILLIS, () -> left().isEmpty()),
                    () -> "left behind: " + left());
        }
    }
}
