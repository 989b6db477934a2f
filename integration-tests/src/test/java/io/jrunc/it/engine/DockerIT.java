// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static io.jrunc.it.harness.Feature.CONTAINERD;
import static io.jrunc.it.harness.Feature.DOCKER;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Feature;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.seccomp.explain.FilterComparison;
import io.jrunc.seccomp.profile.BundledProfile;
import io.jrunc.spec.json.ProfileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Docker's daemon, with a containerd of its own, runs its containers by the program under test. */
@Requires({ROOT, DOCKER, CONTAINERD})
class DockerIT extends DockerLikeEngine {
    /** What the default profile of Docker 20.10 decides otherwise than today's, for some caps. */
    private static final Set<String> CHANGED_SINCE =
            Set.of(
                    "cachestat",
                    "fchmodat2",
                    "futex_requeue",
                    "futex_wait",
                    "futex_wake",
                    "getxattrat",
                    "io_uring_enter",
                    "io_uring_register",
                    "io_uring_setup",
                    "listmount",
                    "listxattrat",
                    "lsm_get_self_attr",
                    "lsm_list_modules",
                    "lsm_set_self_attr",
                    "map_shadow_stack",
                    "mseal",
                    "name_to_handle_at",
                    "pkey_alloc",
                    "pkey_free",
                    "pkey_mprotect",
                    "process_vm_readv",
                    "process_vm_writev",
                    "removexattrat",
                    "set_mempolicy_home_node",
                    "setxattrat",
                    "socket",
                    "statmount",
                    "uretprobe");

    @Override
    void begin() {
        room.containerd();
        room.write("/etc/docker/daemon.json", Json.of(configuration()).toString());
        room.daemon(List.of("dockerd"), List.of("docker", "version"));
    }

    @Test
    @Requires(Feature.CRIU)
    void containerIsCheckpointedAndStartedFromThere() {
        String name = container();

        engine("checkpoint", "create", name, "first").output();
        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS, () -> inspect(name, ".State.Running").equals("false")));
        engine("start", "--checkpoint", "first", name).output();

        assertEquals("running", inspect(name, ".State.Status"));
        engine("stop", name).output();
        assertEquals("5", inspect(name, ".State.ExitCode"));
    }

    private Map<String, Object> configuration() {
        return Map.ofEntries(
                Map.entry("runtimes", Map.of("tested", Map.of("path", Program.path()))),
                Map.entry("default-runtime", "tested"),
                Map.entry("containerd", "/run/containerd/containerd.sock"),
                Map.entry("cgroup-parent", room.cgroup()),
                Map.entry("exec-opts", List.of("native.cgroupdriver=cgroupfs")),
                Map.entry("storage-driver", "vfs"),
                Map.entry("bridge", "none"),
                Map.entry("iptables", false),
                Map.entry("experimental", true), // checkpoints are, for Docker
                Map.entry("ip-forward", false),
                Map.entry("ip-masq", false));
    }

    @Override
    List<String> command() {
        return List.of("docker");
    }

    @Override
    List<String> placement() {
        return List.of(); // the daemon's configuration says it
    }

    @Override
    void removeAll() {
        List<String> remove = new ArrayList<>(List.of("rm", "--force"));
        remove.addAll(engine("ps", "--all", "--quiet").lines());
        engine(remove.toArray(new String[0])).output();
    }

    @Override
    String states() {
        return "/run/docker/runtime-runc/moby";
    }

    @Test
    void runtimeIsTheProgramUnderTest() {
        assertEquals("tested", inspect("lasting", ".HostConfig.Runtime"));
        assertEquals(
                Program.path(),
                engine("info", "--format", "{{(index .Runtimes \"tested\").Path}}").output());
    }

    @ParameterizedTest
    @CsvSource({
        "nosuch, 127, executable file not found",
        "/bin/nosuch, 127, no such file or directory",
        "/etc, 126, permission denied"
    })
    void exitStatusShowsWhyAProgramCannotRun(String program, int status, String text) {
        Result run = run("--rm", "box", program);
        assertEquals(status, run.status(), run::describe);
        assertTrue(run.stderr().contains(text), run::describe);

        Result exec = engine("exec", "lasting", program);
        boolean isTold = exec.status() == status || exec.status() == 126; // always, before 25.0
        assertTrue(isTold, exec::describe);
        assertTrue((exec.stdout() + exec.stderr()).contains(text), exec::describe);
    }

    @Test
    @Requires(Feature.CGROUP_V1)
    void limitsAreUpdated() {
        String name = container("--memory", "64m", "--pids-limit", "20");

        engine(
                        "update",
                        "--memory",
                        "32m",
                        "--memory-swap",
                        "32m",
                        "--pids-limit",
                        "30",
                        "--cpus",
                        "0.5",
                        name)
                .output();

        String cgroup = room.cgroup() + "/" + inspect(name, ".Id");
        assertEquals("33554432\n", limit("memory", cgroup, "memory.limit_in_bytes"));
        assertEquals("30\n", limit("pids", cgroup, "pids.max"));
        assertEquals("50000\n", limit("cpu", cgroup, "cpu.cfs_quota_us"));
    }

    private static String limit(String controller, String cgroup, String file) {
        return Result.text(Path.of("/sys/fs/cgroup", controller, cgroup, file));
    }

    @Test
    void usageIsShown() {
        String format = "{{.MemUsage}}";
        String stats = engine("stats", "--no-stream", "--format", format, "lasting").output();

        assertTrue(stats.endsWith(" / 64MiB"), stats);
        assertTrue(!stats.startsWith("0B"), stats);
    }

    @Test
    void failingContainerIsRestartedByItsPolicy() {
        String name = room.sandbox().freshId();
        run("--detach", "--name", name, "--restart", "on-failure:1", "box", "false").output();

        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> inspect(name, ".RestartCount}} {{.State.Status").equals("1 exited")));
    }

    /** It lives on for a moment: word of its end may be faster than word of the shortage. */
    @Test
    void containerWithoutMemoryIsKnownToBe() {
        assertTrue(IntStream.of(1, 5, 20).anyMatch(this::shortageIsKnown));
    }

    private boolean shortageIsKnown(int seconds) {
        String name = room.sandbox().freshId();
        String script = "tail /dev/zero; sleep " + seconds + "; exit 3";
        Result run = run("--name", name, "--memory", "8m", "box", "sh", "-c", script);
        assertEquals(3, run.status(), run::describe);
        return inspect(name, ".State.OOMKilled").equals("true");
    }

    @Test
    void healthIsChecked() {
        String name = container("--health-cmd", "true", "--health-interval", "500ms");

        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> inspect(name, ".State.Health.Status").equals("healthy")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--cap-drop ALL", "--cap-add SYS_PTRACE"})
    void conditionsOfAProfileMeanWhatTheyMeanToDocker(String options) throws IOException {
        Path profile = room.sandbox().freshFile("profile.json");
        Files.writeString(profile, EngineFilters.everyCondition());

        JsonNode config = configuration(options + " --security-opt seccomp=" + profile);

        EngineFilters.assertResolvedAlike(EngineFilters.everyCondition(), config);
    }

    /** On what has not changed since Docker 20.10, which is the oldest that is tested. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--cap-drop ALL", "--cap-add SYS_ADMIN", "--cap-add SYS_PTRACE"})
    void defaultProfileDecidesAsDockersOwn(String options) {
        Set<String> different = new TreeSet<>();
        for (FilterComparison.Difference difference :
                EngineFilters.differences(
                        ProfileReader.read(BundledProfile.DEFAULT), configuration(options))) {
            different.addAll(difference.calls());
        }
        different.removeAll(CHANGED_SINCE);

        assertEquals(Set.of(), different);
    }

    /** What Docker writes for a container. */
    private JsonNode configuration(String options) {
        String name =
                container(
                        options.strip().isEmpty() ? new String[0] : options.strip().split(" ", -1));
        String bundle =
                "/run/containerd/io.containerd.runtime.v2.task/moby/" + inspect(name, ".Id");
        JsonNode config = Json.parse(Result.text(room.file(bundle + "/config.json")));
        engine("rm", "--force", name).output();
        return config;
    }

    @Test
    void removedContainerIsGone() {
        String name = container();
        String id = inspect(name, ".Id");

        engine("rm", "--force", name).output();

        assertEquals(List.of(), Host.cgroups(id));
        assertEquals(List.of(), Host.processes(id));
    }
}
