// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.checkpoint;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.CRIU;
import static io.jrunc.it.harness.Feature.FLOCK;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Source: runc's checkpoint(8) and restore(8); criu(8). */
@Requires({ROOT, JRUNC, CRIU})
class CheckpointIT {
    private static final String COUNTER =
            "i=0; while :; do i=$((i+1)); echo $i >/run/count; sleep 0.05; done";

    /** Root of a user namespace cannot open the files that tests print to. */
    private static final String[] QUIET = {"sh", "-c", "\"$@\" >/dev/null 2>&1", "sh"};

    private Path image;

    @BeforeEach
    void chooseAPlace() {
        image = Sandbox.current().freshFile("image");
    }

    private static Bundle counting() {
        return Bundle.busybox()
                .directory("/run")
                .mount("/run", "tmpfs", "tmpfs")
                .args("sh", "-c", COUNTER);
    }

    private static Images started(Bundle bundle, Path image) {
        Container container = bundle.container();
        Result run = container.runDetached();
        assertEquals(0, run.status(), run::describe);
        return new Images(bundle, container, image);
    }

    private static int count(Container container) {
        String[] text = {""};
        assertTrue(
                Host.becomes(
                        10_000,
                        () -> {
                            text[0] = container.exec("cat", "/run/count").stdout().strip();
                            return !text[0].isEmpty();
                        }));
        return Integer.parseInt(text[0]);
    }

    @Test
    void counterGoesOnCounting() {
        Images images = started(counting(), image);
        Container container = images.container();
        int before = count(container);

        images.checkpoint().output();
        assertFalse(Sandbox.current().knows(container.id()));
        Path pidFile = Sandbox.current().freshFile("pid");
        images.restore("--detach", "--pid-file", pidFile.toString()).output();

        assertEquals("running", container.status());
        assertEquals(container.pid(), Long.parseLong(Result.text(pidFile)));
        int after = count(container);
        assertTrue(after >= before, after + " follows " + before);
        assertTrue(Host.becomes(10_000, () -> count(container) > after));
    }

    @Test
    void containerMayBeLeftRunning() {
        Images images = started(counting(), image);

        images.checkpoint("--leave-running").output();

        int before = count(images.container());
        assertEquals("running", images.container().status());
        assertTrue(Host.becomes(10_000, () -> count(images.container()) > before));
        images.container().delete("--force").output();
        images.restore("--detach").output();
        assertEquals("running", images.container().status());
    }

    @Test
    void pausedContainerIsDumped() {
        Images images = started(counting(), image);
        images.container().pause().output();

        images.checkpoint("--leave-running").output();

        assertEquals("paused", images.container().status());
    }

    /** The program holds a lock, of which criu is not told to take care. */
    @Test
    @Requires(FLOCK)
    void failedDumpLeavesTheContainerRunning() {
        Images images = started(locking(), image);
        int before = count(images.container());

        Result checkpoint = images.checkpoint();

        checkpoint.failsWith("criu failed: .*locks.*use --file-locks", "dump.log");
        assertEquals("running", images.container().status());
        assertTrue(Host.becomes(10_000, () -> count(images.container()) > before));
    }

    /** One that holds a lock when it counts. */
    private static Bundle locking() {
        return counting()
                .bind(Path.of("/usr/bin/flock"), "/bin/flock", "ro")
                .bindHost("/lib", "/lib64")
                .args("sh", "-c", "exec 9>/run/lock; flock 9 || exit 1; " + COUNTER);
    }

    @Test
    @Requires(FLOCK)
    void locksAreKept() {
        Images images = started(locking(), image);
        count(images.container());

        images.checkpoint("--file-locks").output();
        images.restore("--detach", "--file-locks").output();

        Result tried = images.container().exec("flock", "-n", "/run/lock", "true");
        assertEquals(1, tried.status(), tried::describe);
        assertEquals("", tried.stderr());
    }

    @Test
    void failedRestoreLeavesNothing() throws IOException {
        Images images = started(counting(), image);
        images.checkpoint().output();
        Files.delete(image.resolve("core-1.img"));

        Result restore = images.restore("--detach");

        restore.failsWith("criu failed: Unexpected EOF", "restore.log");
        assertFalse(Sandbox.current().knows(images.container().id()));
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void directoryWithoutAnImageIsRefused() {
        Images images = new Images(counting(), counting().container(), image);
        images.restore("--detach").failsWith("this is no image of a container", image.toString());
        image.toFile().mkdir();

        images.restore("--detach").failsWith("this is no image of a container");
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void mountsThatWereAddedAreRefused() throws IOException {
        Images images = started(counting(), image);
        Path added = Sandbox.current().freshFile("mount.json");
        Files.writeString(
                added,
                "[{\"destination\": \"/run/added\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}]");
        String id = images.container().id();
        Sandbox.current().runtime("mounts", "add", id, added.toString()).run().output();

        images.checkpoint().failsWith("cannot be restored: /run/added; remove them first");
        assertEquals("running", images.container().status());
    }

    /** Restored, its files would have other owners. */
    @Test
    void idmappedMountIsRefused() {
        Bundle bundle = counting();
        Path source = Sandbox.current().freshDirectory("source");
        bundle.userNamespace(100_000, 65_536);
        bundle.mount("/run/mapped", "bind", source.toString(), "bind", "idmap");
        Images images = started(bundle, image);

        images.checkpoint().failsWith("criu cannot restore the owners of an idmapped mount");
        assertEquals("running", images.container().status());
    }

    @Test
    void createdContainerIsRefused() {
        Bundle bundle = counting();
        Container container = bundle.create("sleep", "60");

        new Images(bundle, container, image).checkpoint().failsWith("container not running");
        assertEquals("created", container.status());
    }

    /** Read-only, nested, behind links and below recursive binds, masked. */
    @Test
    void mountsAreWhatTheyWere() throws IOException {
        Path source = Sandbox.current().freshDirectory("source");
        Files.createDirectory(source.resolve("below"));
        Path nested = Sandbox.current().freshDirectory("nested");
        Path link = Sandbox.current().freshFile("link");
        Files.createSymbolicLink(link, source);
        Path hosts = Files.writeString(Sandbox.current().freshFile("hosts"), "found");
        Bundle bundle =
                counting()
                        .bind(source, "/one", "rbind", "ro")
                        .bind(link, "/two", "rbind", "nosuid", "nodev")
                        .bind(nested, "/two/below", "bind")
                        .bind(hosts, "/etc/hosts", "bind", "ro")
                        .mount("/two/below/memory", "tmpfs", "tmpfs", "size=64k")
                        .set("/root/readonly", true)
                        .json(
                                "/linux/maskedPaths",
                                "[\"/proc/keys\", \"/proc/timer_list\", \"/proc/acpi\"]")
                        .json("/linux/readonlyPaths", "[\"/proc/sys\", \"/proc/bus\"]");
        Images images = started(bundle, image);
        List<String> before = mounts(images.container());

        images.checkpoint().output();
        images.restore("--detach").output();

        assertEquals(before, mounts(images.container()));
        assertEquals("found", images.container().exec("cat", "/etc/hosts").output());
        assertEquals("", images.container().exec("cat", "/proc/timer_list").output());
    }

    private static List<String> mounts(Container container) {
        return container.exec("cat", "/proc/self/mountinfo").lines().stream()
                .map(line -> line.split(" ", -1))
                .map(f -> f[4] + " " + f[3] + " " + f[5] + " " + f[f.length - 3])
                .sorted()
                .toList();
    }

    /** Of the processes themselves nothing changes that a user can see. */
    @Test
    void confinementIsWhatItWas() {
        Bundle bundle =
                counting()
                        .capabilities("CAP_KILL", "CAP_CHOWN")
                        .set("/process/noNewPrivileges", true)
                        .set("/process/oomScoreAdj", 300)
                        .set("/hostname", "restored")
                        .json(
                                "/linux/seccomp",
                                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\":"
                                        + " [\"sethostname\"], \"action\": \"SCMP_ACT_ERRNO\"}]}");
        Images images = started(bundle, image);
        Map<String, String> before = confinement(images.container());

        images.checkpoint().output();
        images.restore("--detach").output();

        assertEquals(before, confinement(images.container()));
    }

    private static Map<String, String> confinement(Container container) {
        String status =
                container
                        .exec(
                                "grep",
                                "-E",
                                "^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp)",
                                "/proc/1/status")
                        .output();
        return Map.of(
                "status", status,
                "score", container.exec("cat", "/proc/1/oom_score_adj").output(),
                "name", container.exec("cat", "/proc/sys/kernel/hostname").output());
    }

    /** Criu needs some processes of its own meanwhile. */
    @Test
    @Requires(CGROUP_V1)
    void limitsAreWhatTheyWere() {
        Bundle bundle =
                Bundle.busybox()
                        .args("sleep", "600")
                        .set("/linux/resources/pids/limit", 1)
                        .set("/linux/resources/memory/limit", 64 << 20);
        Images images = started(bundle, image);

        images.checkpoint().output();
        images.restore("--detach").output();

        assertEquals("1", limit(images.container(), "pids", "pids.max"));
        assertEquals(
                Integer.toString(64 << 20),
                limit(images.container(), "memory", "memory.limit_in_bytes"));
    }

    private static String limit(Container container, String controller, String file) {
        Path state = Sandbox.current().root().resolve(container.id()).resolve("state.json");
        String cgroup = Json.parse(Result.text(state)).at("/cgroup_paths/" + controller).asText();
        return Result.text(Path.of(cgroup, file)).strip();
    }

    @Test
    void userNamespaceIsKept() {
        Bundle bundle = counting().userNamespace(100_000, 65_536);
        Images images = new Images(bundle, bundle.container(), image);
        images.command("run", "--detach").under(QUIET).run().output();
        String before = images.container().exec("cat", "/proc/1/uid_map").output();

        images.checkpoint().output();
        images.restoration("--detach").under(QUIET).run().output();

        assertEquals(before, images.container().exec("cat", "/proc/1/uid_map").output());
    }

    /** Its output goes on in the pipe of the restore. */
    @Test
    void outputGoesWhereThatOfTheRestoreGoes() throws IOException {
        String print = "i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done";
        Bundle bundle = Bundle.busybox().args("sh", "-c", print);
        Images images = new Images(bundle, bundle.container(), image);
        Path first = Sandbox.current().freshFile("first");
        Path second = Sandbox.current().freshFile("second");

        var run = images.command("run", "--detach").under(pipeTo(first)).start();
        assertTrue(Host.becomes(10_000, () -> printed(first) > 3));
        images.checkpoint().output();
        run.await().output();
        var restore = images.restoration("--detach").under(pipeTo(second)).start();
        assertTrue(
                Host.becomes(10_000, () -> printed(second) > 3), () -> restore.soFar().describe());
        images.container().delete("--force").output();
        restore.await().output();

        List<String> before = Files.readAllLines(first);
        int last = Integer.parseInt(before.get(before.size() - 1));
        assertEquals(last + 1, Integer.parseInt(Files.readAllLines(second).get(0)));
    }

    private static long printed(Path file) {
        return Files.exists(file) ? Result.text(file).lines().count() : 0;
    }

    private static String[] pipeTo(Path file) {
        return new String[] {"sh", "-c", "\"$@\" | cat >" + file, "sh"};
    }

    @Test
    void hooksRunAgain() throws IOException {
        Path log = Sandbox.current().freshFile("log");
        Bundle bundle = counting();
        for (String kind : List.of("prestart", "createRuntime", "poststart", "poststop")) {
            bundle.json(
                    "/hooks/" + kind,
                    "[{\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\", \"echo "
                            + kind
                            + " >>"
                            + log
                            + "\"]}]");
        }
        Images images = started(bundle, image);
        List<String> started = Files.readAllLines(log);

        images.checkpoint().output();
        assertEquals("poststop", Files.readAllLines(log).get(3));
        images.restore("--detach").output();

        assertEquals(started, Files.readAllLines(log).subList(4, 7));
    }

    @Test
    void failingHookOfTheRestoreLeavesNothing() {
        Images images = started(counting(), image);
        images.checkpoint().output();
        images.bundle()
                .json(
                        "/hooks/createRuntime",
                        "[{\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\", \"echo no >&2; exit 3\"]}]");

        images.restore("--detach").failsWith("createRuntime hook #0", "exit status 3", "no");
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void foregroundRestoreEndsWithTheContainersStatus() {
        Images images = started(counting(), image);
        images.checkpoint().output();

        var running = images.restoration().start();
        assertTrue(Host.becomes(10_000, () -> Sandbox.current().knows(images.container().id())));
        count(images.container());
        images.container().kill("KILL").output();

        assertEquals(137, running.await().status());
        assertFalse(Sandbox.current().knows(images.container().id()));
    }

    @Test
    void wrongOptionsAreRefused() {
        Images images = started(counting(), image);

        images.checkpoint("--manage-cgroups-mode", "hard")
                .failsWith("--manage-cgroups-mode: .*hard");
        images.checkpoint("--empty-ns", "pid").failsWith("--empty-ns: .*pid");
        images.checkpoint("--network-lock", "none").failsWith("--network-lock: .*none");
        images.checkpoint("--page-server", "here").failsWith("--page-server: .*here");
        images.checkpoint("--parent-path", "/tmp").failsWith("--parent-path: .*/tmp.* is absolute");
        images.checkpoint("--status-fd", "77").failsWith("no descriptor 77");
        assertEquals("running", images.container().status());
    }

    @Test
    void withoutCriuTheRemedyIsNamed() {
        Images images = started(counting(), image);

        Result checkpoint =
                Sandbox.current()
                        .runtime(
                                "checkpoint",
                                "--image-path",
                                image.toString(),
                                images.container().id())
                        .variable("PATH", "/nowhere")
                        .run();

        checkpoint.failsWith("criu: executable file not found in PATH; install criu");
        assertEquals("running", images.container().status());
    }
}
