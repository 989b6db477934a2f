// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.BASH;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What a container gets of its caller, and what it costs. */
@Requires(ROOT)
class IsolationIT {
    private static final int CREATED_KIB = 128;
    private static final int SUPERVISOR_KIB = 512;

    /** Opens the descriptors 3 to 52 on the host's root. */
    private static final String[] MANY_DESCRIPTORS = {
        "bash", "-c", "for i in {3..52}; do eval \"exec $i</\"; done; exec \"$@\"", "bash"
    };

    @Test
    @Requires(BASH)
    @Escape({"CVE-2016-9962", "CVE-2024-21626"})
    void descriptorsOfTheCallerAreNotHeldByACreatedContainer() throws IOException {
        Container container = Bundle.busybox().args("true").container();
        var bundle = Bundle.busybox().args("true");
        Result create = bundle.invoke("create", container.id()).under(MANY_DESCRIPTORS).run();
        assertEquals("", create.output());

        for (Path descriptor : descriptors(container.pid())) {
            boolean hostsRoot = Files.isSameFile(descriptor, Path.of("/"));
            assertFalse(hostsRoot, () -> "holds " + descriptor);
        }
    }

    @Test
    @Requires(BASH)
    void descriptorsThatAreAskedForArePassedOn() throws IOException {
        Path file = Files.writeString(Sandbox.current().freshFile("passed"), "passed\n");
        var bundle = Bundle.busybox().args("sh", "-c", "ls /proc/1/fd; cat <&4; true");

        Result run =
                bundle.invoke("run", "--preserve-fds", "2", Sandbox.current().freshId())
                        .under(
                                "bash",
                                "-c",
                                "exec 3</dev/null 4<" + file + " 5</; exec \"$@\"",
                                "bash")
                        .run();

        assertEquals(List.of("0", "1", "2", "3", "4", "passed"), run.lines());
    }

    @Test
    void missingDescriptorThatIsAskedForIsRefused() {
        var bundle = Bundle.busybox().args("true");

        bundle.invoke("run", "--preserve-fds", "20", Sandbox.current().freshId())
                .run()
                .failsWith("preserve");
    }

    @Test
    void streamsOfTheCallerAreThoseOfTheContainer() throws IOException {
        Container container = Bundle.busybox().args("sleep", "60").container();
        Result create = container.create();
        assertEquals("", create.output());

        assertEquals(
                List.of(
                        "/dev/null",
                        create.stdoutFile().toString(),
                        create.stderrFile().toString()),
                Stream.of("0", "1", "2")
                        .map(fd -> Path.of("/proc/" + container.pid() + "/fd/" + fd))
                        .map(IsolationIT::target)
                        .toList());
    }

    @Test
    @Requires(JRUNC)
    @Escape("CVE-2019-5736")
    void createdContainerRunsFromASealedCopy() {
        Container container = Bundle.busybox().create("sleep", "60");
        Path program = Path.of("/proc/" + container.pid() + "/exe");

        assertTrue(target(program).startsWith("/memfd:"), () -> target(program));
        container.start().output();
        assertEquals("/bin/busybox", target(program));
    }

    @Test
    @Requires(JRUNC)
    void createdContainerIsSmall(TestReporter reporter) {
        Container container = Bundle.busybox().create("sleep", "60");

        long kib = residentKib(container.pid());

        reporter.publishEntry("resident KiB of a created container", Long.toString(kib));
        assertTrue(kib <= CREATED_KIB, () -> kib + " KiB");
    }

    @Test
    void nothingButTheContainersProcessIsLeftByCreate() {
        Container container = Bundle.busybox().create("sleep", "60");

        assertOnlyProcess(container);
    }

    @Test
    void nothingButTheContainersProcessIsLeftByADetachedRun() {
        Container container = Bundle.busybox().args("sleep", "60").container();
        container.runDetached().output();

        assertOnlyProcess(container);
    }

    @Test
    @Requires(JRUNC)
    void noJavaIsLeftWhileAForegroundRunWaits(TestReporter reporter) {
        Container container = Bundle.busybox().args("sh", "-c", "echo ready; sleep 60").container();
        var run = container.runInForeground();
        assertTrue(Host.becomes(5000, () -> run.soFar().stdout().contains("ready")));

        assertTrue(
                Host.becomes(
                        1000,
                        () -> ProcessHandle.of(run.pid()).orElseThrow().children().count() == 1));
        long child =
                ProcessHandle.of(run.pid())
                        .orElseThrow()
                        .children()
                        .findFirst()
                        .orElseThrow()
                        .pid();
        assertEquals(container.pid(), child);
        long kib = residentKib(run.pid());
        reporter.publishEntry("resident KiB of a foreground run", Long.toString(kib));
        assertTrue(kib <= SUPERVISOR_KIB, () -> kib + " KiB");
        container.kill("KILL").output();
        run.await();
    }

    @Test
    void environmentOfTheCallerIsNotInACreatedContainer() {
        var bundle = Bundle.busybox().args("sleep", "60");
        Container container = bundle.container();
        bundle.invoke("create", container.id()).variable("LEAK", "secret-of-the-caller").run();

        String environment = Host.proc(container.pid(), "environ").orElseThrow();

        assertFalse(environment.contains("secret-of-the-caller"));
    }

    @Test
    void stateIsForRootAlone() throws IOException {
        Container container = Bundle.busybox().create("true");

        Path directory = Sandbox.current().root().resolve(container.id());

        String permissions =
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
        assertTrue(permissions.startsWith("rwx--"), permissions);
        assertFalse(permissions.contains("r-") && permissions.endsWith("r--"), permissions);
    }

    /** A container must not see what others do on the host. */
    @Test
    void processesOfTheHostAreNotSeen() {
        Result ps = Bundle.busybox().sh("ls -d /proc/[0-9]* | wc -l");

        assertTrue(Integer.parseInt(ps.output().strip()) <= 3, ps::describe);
    }

    private static void assertOnlyProcess(Container container) {
        long pid = container.pid();
        List<String> processes = Host.processes(Sandbox.current().token());
        assertEquals(1, processes.size(), processes::toString);
        assertTrue(processes.get(0).startsWith(pid + " "), processes::toString);
    }

    private static long residentKib(long pid) {
        return Long.parseLong(Host.field(pid, "status", "VmRSS").replace(" kB", ""));
    }

    private static List<Path> descriptors(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
