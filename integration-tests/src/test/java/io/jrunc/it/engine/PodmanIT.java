// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static io.jrunc.it.harness.Feature.PODMAN;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jrunc.it.harness.BusyboxImage;
import io.jrunc.it.harness.Feature;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.JavaWorkload;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Podman runs its containers by the program under test. */
@Requires({ROOT, PODMAN})
class PodmanIT extends DockerLikeEngine {
    // The limits are for callers without CAP_SYS_RESOURCE, which cannot raise their own.
    private static final String CONFIGURATION =
            """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            runtime = "tested"
            [engine.runtimes]
            tested = ["%s"]
            """;

    /** In Docker's structure. */
    private static final Path PROFILE = Path.of("/usr/share/containers/seccomp.json");

    @Override
    void begin() {
        room.write("/etc/containers/containers.conf", CONFIGURATION.formatted(Program.path()));
    }

    @Override
    List<String> command() {
        return List.of("podman", "--storage-driver", "vfs");
    }

    @Override
    List<String> placement() {
        return List.of("--cgroup-parent", room.cgroup());
    }

    @Override
    void removeAll() {
        engine("rm", "--force", "--time", "0", "--all").output();
    }

    @Override
    String states() {
        return "/run/" + Path.of(Program.path()).getFileName();
    }

    @Test
    void runtimeIsTheProgramUnderTest() {
        assertEquals("tested", inspect("lasting", ".OCIRuntime"));
        assertTrue(engine("info").output().contains(Program.path()));
    }

    @ParameterizedTest
    @CsvSource({
        "nosuch, 127, executable file not found",
        "/bin/nosuch, 127, no such file or directory",
        "/etc, 126, permission denied"
    })
    void exitStatusShowsWhyAProgramCannotRun(String program, int status, String text) {
        for (Result result :
                List.of(run("--rm", "box", program), engine("exec", "lasting", program))) {
            assertEquals(status, result.status(), result::describe);
            assertTrue(result.stderr().contains(text), result::describe);
        }
    }

    @Test
    @Requires(Feature.CGROUP_V1)
    void limitsAreUpdated() {
        String name = container("--memory", "64m");

        engine("update", "--memory", "32m", "--cpus", "0.5", name).output();

        String id = inspect(name, ".Id");
        String parent = room.cgroup() + "/libpod-" + id;
        assertEquals(
                "33554432\n",
                Result.text(Path.of("/sys/fs/cgroup/memory", parent, "memory.limit_in_bytes")));
        assertEquals(
                "50000\n", Result.text(Path.of("/sys/fs/cgroup/cpu", parent, "cpu.cfs_quota_us")));
    }

    @Test
    void createdContainerIsInitialisedThenStarted() {
        engine(making("create", "--name", "three", "box", "echo", "at last")).output();
        engine("init", "three").output();
        assertEquals("initialized", inspect("three", ".State.Status"));

        assertEquals("at last", engine("start", "--attach", "three").output());
    }

    @Test
    void healthIsChecked() {
        String healthy = container("--health-cmd", "true", "--health-interval", "disable");
        String ill = container("--health-cmd", "false", "--health-interval", "disable");

        assertEquals(0, engine("healthcheck", "run", healthy).status());
        assertEquals(1, engine("healthcheck", "run", ill).status());
    }

    @Test
    @Requires(Feature.CRIU)
    void containerIsCheckpointedAndRestored() {
        String name = container();

        engine("container", "checkpoint", name).output();
        assertEquals("exited", inspect(name, ".State.Status"));
        engine("container", "restore", name).output();

        assertEquals("running", inspect(name, ".State.Status"));
        engine("stop", name).output();
        assertEquals("5", inspect(name, ".State.ExitCode"));
    }

    /** As to another host. */
    @Test
    @Requires(Feature.CRIU)
    void containerMovesInAnArchive() {
        String name = container();
        String archive = room.sandbox().freshFile("moved.tar.gz").toString();

        engine("container", "checkpoint", "--file-locks", "--export", archive, name).output();
        engine("rm", name).output();
        engine("container", "restore", "--file-locks", "--import", archive, "--name", name)
                .output();

        assertEquals("running", inspect(name, ".State.Status"));
        engine("stop", name).output();
        assertEquals("5", inspect(name, ".State.ExitCode"));
    }

    @Test
    void hooksOfAdministratorsRun() throws IOException {
        Path hooks = room.sandbox().freshDirectory("hooks");
        Path seen = room.sandbox().freshFile("seen");
        Path hook = hooks.resolve("hook.sh");
        Files.writeString(hook, "#!/bin/sh\ncat > " + seen + "\n");
        hook.toFile().setExecutable(true);
        Files.writeString(
                hooks.resolve("hook.json"),
                "{\"version\": \"1.0.0\", \"hook\": {\"path\": \""
                        + hook
                        + "\"}, \"when\": {\"always\": true}, \"stages\": [\"createRuntime\"]}");

        engine(hooked(hooks)).output();

        assertEquals("creating", Json.parse(Result.text(seen)).get("status").asText());
    }

    /** In an image without Java, under Podman's own profile of system calls. */
    @Test
    @Requires(Feature.JRUNC)
    void archiveIsExecutedByAHandler() throws IOException {
        Path archive = room.sandbox().freshFile("app.jar");
        Files.write(archive, JavaWorkload.archive());
        String volume = archive + ":/app.jar:ro";

        Result run =
                run(
                        "--rm",
                        "--annotation",
                        "run.oci.handler=java",
                        "--volume",
                        volume,
                        "box",
                        "/app.jar");

        assertEquals(JavaWorkload.DONE, run.output());
    }

    private String[] hooked(Path hooks) {
        List<String> command = new ArrayList<>(List.of("--hooks-dir", hooks.toString()));
        command.addAll(List.of(making("run", "--rm", "box", "true")));
        return command.toArray(new String[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--cap-drop ALL",
                "--cap-add SYS_ADMIN",
                "--cap-add ALL",
                "--cap-drop ALL --cap-add SYS_PTRACE --cap-add AUDIT_WRITE"
            })
    void ownProfileIsResolvedAsPodmanResolvesIt(String options) throws IOException {
        assumeTrue(Files.exists(PROFILE), PROFILE + " is missing");
        List<String> create = new ArrayList<>(List.of("--name", room.sandbox().freshId()));
        create.addAll(List.of(options.isEmpty() ? new String[0] : options.split(" ", -1)));
        create.addAll(List.of("box", "true"));
        engine(making("create", create.toArray(new String[0]))).output();
        engine("init", create.get(1)).output();

        Path config = room.file(inspect(create.get(1), ".OCIConfigPath"));

        EngineFilters.assertResolvedAlike(
                Files.readString(PROFILE), Json.parse(Result.text(config)));
    }

    /** Buildah, inside Podman, waits for the status {@code stopped} before it deletes. */
    @Test
    void imageIsBuilt() throws IOException {
        Path context = room.sandbox().freshDirectory("context");
        Files.writeString(
                context.resolve("Containerfile"),
                "FROM " + BusyboxImage.NAME + "\nRUN echo built > /witness\n");

        engine(
                        "build",
                        "--isolation",
                        "oci",
                        "--network",
                        "none",
                        "--cgroup-parent",
                        room.cgroup() + "/build",
                        "--tag",
                        "built",
                        context.toString())
                .output();

        assertEquals("built", run("--rm", "built", "cat", "/witness").output());
    }

    @Test
    void removedContainerIsGone() {
        String name = container();
        String id = inspect(name, ".Id");

        engine("rm", "--force", "--time", "0", name).output();

        assertEquals(List.of(), Host.cgroups(id));
        assertTrue(engine("inspect", name).stderr().contains("no such"));
    }
}
