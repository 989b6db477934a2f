// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** containerd's CRI plugin, called as by the kubelet, with the program under test and with runc. */
class CriIT extends CriEngineCase {
    private static final String UNTIL_TERM =
            "trap 'exit 5' TERM; echo begun; while :; do sleep 0.05; done";
    private static final int PODS = 30;
    private static final long MEBIBYTE = 1 << 20;

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void podIsReadyUntilItIsStopped(String handler) {
        Pod pod = engine.pod(handler, Map.of("/labels/app", "web"));
        JsonNode ready = pod.status();
        PodContainer container = pod.start("sh", "-c", UNTIL_TERM);
        container.logged(1);
        Path init = container.init();
        assertTrue(Files.exists(init), init::toString);
        pod.stop();
        String stopped = pod.status().path("state").asText();
        pod.remove();

        assertEquals("SANDBOX_READY", ready.path("state").asText(), ready::toString);
        assertEquals("web", ready.at("/labels/app").asText());
        assertEquals(handler, ready.path("runtime_handler").asText());
        assertTrue(ready.at("/network/ip").asText().startsWith("10.23."), ready::toString);
        assertEquals("SANDBOX_NOTREADY", stopped);
        assertTrue(Files.notExists(init), "the container's init is left");
        StatusRuntimeException gone = assertThrows(StatusRuntimeException.class, pod::status);
        assertEquals(Status.Code.NOT_FOUND, gone.getStatus().getCode());
        assertTrue(
                engine.left().stream().noneMatch(left -> left.contains(pod.id())),
                () -> engine.left().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void containerGoesThroughItsStates(String handler) {
        Pod pod = engine.pod(handler);
        PodContainer container =
                pod.create(
                        Map.of("/envs", List.of(Map.of("key", "NAME", "value", "some"))),
                        "sh",
                        "-c",
                        "echo $NAME; echo error >&2; printf part; sleep 0.3; exit 3");

        assertEquals("CONTAINER_CREATED", container.state());
        container.start();
        assertEquals("CONTAINER_RUNNING", container.state());
        assertEquals("3 Error", container.end());
        List<String> logged = new ArrayList<>(container.logged(3));
        logged.sort(null); // the streams are read by two threads
        assertEquals(List.of("stderr F error", "stdout F some", "stdout P part"), logged);

        PodContainer next = pod.start(Map.of("/metadata/attempt", 1), "true");
        assertEquals("0 Completed", next.end());
        assertEquals("1", next.status().at("/metadata/attempt").asText());
    }

    @ParameterizedTest
    @CsvSource({
        CriEngine.TESTED + ", nosuch, executable file not found",
        CriEngine.RUNC + ", nosuch, executable file not found",
        CriEngine.TESTED + ", /bin/nosuch, no such file or directory",
        CriEngine.RUNC + ", /bin/nosuch, no such file or directory",
        CriEngine.TESTED + ", /etc, permission denied",
        CriEngine.RUNC + ", /etc, permission denied"
    })
    void programThatCannotRunIsNamed(String handler, String program, String text) {
        Pod pod = engine.pod(handler);
        PodContainer container = pod.create(Map.of(), program);

        var refused = assertThrows(StatusRuntimeException.class, container::start);

        assertTrue(refused.getMessage().contains(text), refused::getMessage);
        assertEquals("128 StartError", container.end());
        assertTrue(container.status().path("message").asText().contains(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void stopIsASignalAndThenForce(String handler) {
        Pod pod = engine.pod(handler);
        PodContainer polite = pod.start("sh", "-c", UNTIL_TERM);
        PodContainer deaf = pod.start("sh", "-c", "trap '' TERM; echo begun; sleep 60");
        polite.logged(1);
        deaf.logged(1);

        polite.stop(10);
        deaf.stop(1);

        assertEquals("5 Error", polite.end());
        assertEquals("137 Error", deaf.end());
        polite.stop(10); // a second time is no error
        deaf.remove();
        assertThrows(StatusRuntimeException.class, deaf::status);
    }

    /** Liveness, readiness and startup probes with a command are this call. */
    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void probeHasOutputStatusAndTimeout(String handler) {
        Pod pod = engine.pod(handler);
        PodContainer container = pod.start("sleep", "60");

        var probe = container.exec("sh", "-c", "echo out; echo error >&2; exit 7");
        assertEquals(new PodContainer.Output(7, "out\n", "error\n"), probe);

        var late =
                assertThrows(
                        StatusRuntimeException.class, () -> container.exec(1, "sleep", "4321"));
        assertEquals(Status.Code.DEADLINE_EXCEEDED, late.getStatus().getCode());
        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> !container.exec("ps").stdout().contains("sleep 4321")));

        var missing = assertThrows(StatusRuntimeException.class, () -> container.exec("nosuch"));
        assertTrue(missing.getMessage().contains("executable file not found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void probesAtOnce(String handler) throws Exception {
        Pod pod = engine.pod(handler);
        PodContainer container = pod.start("sleep", "60");
        List<String> seen = atOnce(8, n -> container.exec("echo", "probe" + n).stdout());

        for (int i = 0; i < seen.size(); i++) {
            assertEquals("probe" + i + "\n", seen.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void resourcesAreUpdated(String handler) {
        Pod pod = engine.pod(handler);
        PodContainer container =
                pod.start(
                        Map.of(
                                "/linux/resources",
                                Map.of(
                                        "memory_limit_in_bytes", 32 * MEBIBYTE,
                                        "cpu_shares", 512,
                                        "cpu_period", 100_000,
                                        "cpu_quota", 50_000)),
                        "sleep",
                        "60");
        assertEquals("" + 32 * MEBIBYTE, memoryLimit(container));
        assertEquals("50000", quota(container));

        engine.call(
                "UpdateContainerResources",
                Map.of(
                        "container_id",
                        container.id(),
                        "linux",
                        Map.of("memory_limit_in_bytes", 48 * MEBIBYTE, "cpu_quota", 70_000)));

        assertEquals("" + 48 * MEBIBYTE, memoryLimit(container));
        assertEquals("70000", quota(container));
        JsonNode told = container.status().at("/resources/linux");
        assertEquals("" + 48 * MEBIBYTE, told.path("memory_limit_in_bytes").asText());
        assertEquals(0, container.exec("true").status());
    }

    /** A limit of a container, out of the file that it has with cgroup v1, or with v2. */
    private static String limit(PodContainer container, String v1, String v2) {
        return Host.cgroups(container.id()).stream()
                .flatMap(cgroup -> Stream.of(cgroup.resolve(v1), cgroup.resolve(v2)))
                .filter(Files::exists)
                .map(file -> Result.text(file).strip())
                .findFirst()
                .orElseThrow();
    }

    private static String memoryLimit(PodContainer container) {
        return limit(container, "memory.limit_in_bytes", "memory.max");
    }

    private static String quota(PodContainer container) {
        return limit(container, "cpu.cfs_quota_us", "cpu.max").split(" ", -1)[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void usageIsShown(String handler) {
        try (Pod pod = engine.pod(handler, Map.of())) {
            PodContainer container = pod.start("sh", "-c", "echo begun; while :; do :; done");
            container.logged(1);

            JsonNode usage =
                    engine.call("ContainerStats", Map.of("container_id", container.id()))
                            .path("stats");
            JsonNode all =
                    engine.call("PodSandboxStats", Map.of("pod_sandbox_id", pod.id()))
                            .at("/stats/linux");

            assertTrue(usage.at("/cpu/usage_core_nano_seconds/value").asLong() > 0, "" + usage);
            assertTrue(usage.at("/memory/working_set_bytes/value").asLong() > 0, "" + usage);
            assertEquals(1, all.path("containers").size(), all::toString);
            assertTrue(all.at("/process/process_count/value").asLong() > 0, all::toString);
        }
    }

    /** On cgroup v1, containerd begins to watch for this only after the start. */
    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void containerOutOfMemoryIsReported(String handler) {
        Pod pod = engine.pod(handler);
        PodContainer container =
                pod.start(
                        Map.of("/linux/resources/memory_limit_in_bytes", 8 * MEBIBYTE),
                        "sh",
                        "-c",
                        "sleep 1; exec tail /dev/zero");

        // The end and its reason are two events for containerd.
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> container.end().equals("137 OOMKilled")),
                () -> container.status().toString());
    }

    @Test
    void podsStartAtOnce() throws Exception {
        List<Pod> pods = atOnce(PODS, n -> engine.pod(CriEngine.TESTED, Map.of()));
        List<PodContainer> containers =
                atOnce(PODS, n -> pods.get(n).start("sh", "-c", "echo " + n + "; sleep 60"));

        for (int i = 0; i < PODS; i++) {
            assertEquals(List.of("stdout F " + i), containers.get(i).logged(1));
        }
        atOnce(
                PODS,
                n -> {
                    pods.get(n).close();
                    return n;
                });
        assertEquals(
                List.of(),
                engine.left().stream()
                        .filter(left -> pods.stream().anyMatch(pod -> left.contains(pod.id())))
                        .toList());
    }

    private interface Numbered<T> {
        T get(int number);
    }

    private static <T> List<T> atOnce(int times, Numbered<T> task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            List<Future<T>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                all.add(threads.submit(() -> task.get(number)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : all) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
