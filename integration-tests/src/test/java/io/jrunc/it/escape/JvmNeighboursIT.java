// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.HeldRuntime;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.OneShot;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a JVM offers to processes beside it: attaching, thread dumps, files in {@code /tmp} and in
 * its working directory, options in variables and files. A container that shares the host's pids
 * and its {@code /tmp} is such a process.
 */
@Requires({ROOT, JRUNC})
@Escape("jvm-attach")
@OneShot("the JVM that is attacked is that of the command")
class JvmNeighboursIT {
    private static final int SIGQUIT = 3;
    private static final int SIGSEGV = 11;
    private static final long ATTACH_MILLIS = 1000;
    private static final List<String> SHARED = List.of("/", "/tmp", "/var/tmp", "/dev/shm");

    private String id;
    private final List<Path> litter = new ArrayList<>();

    @BeforeEach
    void name() {
        id = Sandbox.current().freshId();
    }

    private HeldRuntime held() {
        return HeldRuntime.of(
                Bundle.busybox().args("sleep", "60"), "createRuntime", List.of("create", id));
    }

    @AfterEach
    void clean() throws IOException {
        for (Path file : litter) {
            Files.deleteIfExists(file);
        }
    }

    /** The attack: HotSpot's Linux attach protocol, as jcmd(1) speaks it. */
    @Test
    void runtimeCannotBeAttachedTo() throws IOException {
        HeldRuntime held = held();
        long java = held.java();
        for (String directory : List.of("/tmp", "/proc/" + java + "/cwd")) {
            Path request = Path.of(directory, ".attach_pid" + java).toAbsolutePath();
            litter.add(Files.createFile(request));
        }

        signal(java, SIGQUIT);
        boolean listens =
                Host.becomes(
                        ATTACH_MILLIS, () -> Files.exists(Path.of("/tmp", ".java_pid" + java)));
        Result create = held.letGo();

        assertFalse(listens, "it listens in /tmp/.java_pid" + java);
        assertEquals("", create.output());
        assertEquals("", create.stderr());
    }

    /** A JVM answers SIGQUIT with all its threads, on standard output. */
    @Test
    void runtimeNeitherAnswersNorCatchesSignals() {
        HeldRuntime held = held();
        long caught =
                Long.parseUnsignedLong(Host.field(held.java(), "status", "SigCgt").strip(), 16);

        assertEquals(0, caught & 1 << SIGQUIT - 1, "SIGQUIT is caught");
        signal(held.java(), SIGQUIT);
        Result create = held.letGo();

        assertEquals("", create.output());
    }

    /** Not for a debugger, and not for the container that gets them: only the launcher reads. */
    @Test
    void runtimeHasNoneOfTheCallersStreamsForItsOwn() throws IOException {
        HeldRuntime held = held();
        Set<String> streams = new TreeSet<>();
        for (int number = 0; number <= 2; number++) {
            Path stream = Path.of("/proc/" + held.java() + "/fd/" + number);
            streams.add(Files.readSymbolicLink(stream).toString());
        }
        held.letGo().output();

        assertEquals(1, streams.size(), streams::toString);
        assertTrue(streams.iterator().next().startsWith("socket:"), streams::toString);
    }

    @Test
    void runtimeLeavesNoFilesWhereOthersLook() throws IOException {
        Set<String> before = shared();
        HeldRuntime held = held();
        long java = held.java();
        Set<String> meanwhile = shared();
        String maps = Host.proc(java, "maps").orElseThrow();
        String core = Host.proc(java, "limits").orElseThrow();
        held.letGo().output();

        meanwhile.removeAll(before);
        assertEquals(Set.of(), own(meanwhile, java));
        assertFalse(maps.contains(" /tmp/") || maps.contains("hsperfdata"), maps);
        assertTrue(core.matches("(?s).*Max core file size +0 .*"), core);
    }

    /** No report in the working directory or in /tmp, no core; one sentence for the caller. */
    @Test
    void runtimeThatCrashesLeavesNoFiles() throws IOException {
        Set<String> before = shared();
        HeldRuntime held = held();
        long java = held.java();
        signal(java, SIGSEGV);
        Result create = held.launcher().await();
        Set<String> after = shared();
        after.removeAll(before);

        assertEquals(Set.of(), own(after, java));
        create.failsWith("^jrunc: the Java runtime ended with status \\d+ before it had finished");
        assertEquals("", create.stdout());
        assertFalse(Sandbox.current().knows(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"})
    void variablesOfTheCallerAreNotTheRuntimes(String name) {
        Result version =
                Sandbox.current().runtime("--version").variable(name, "-XX:Nonsense").run();

        assertTrue(version.output().contains("spec: "), version::describe);
        assertEquals("", version.stderr());
    }

    @ParameterizedTest
    @ValueSource(strings = {".hotspotrc", ".hotspot_compiler", "jdk.args", "logging.properties"})
    void filesInTheWorkingDirectoryAreNotRead(String name) throws IOException {
        Path directory = Sandbox.current().freshDirectory("cwd");
        Files.writeString(directory.resolve(name), "-XX:Nonsense\nnonsense\n");

        Result version = Sandbox.current().runtime("--version").in(directory).run();

        assertTrue(version.output().contains("spec: "), version::describe);
        assertEquals("", version.stderr());
    }

    private static void signal(long pid, int signal) {
        Sandbox.current().command("kill", "-" + signal, Long.toString(pid)).run().output();
    }

    private static Set<String> own(Set<String> files, long java) {
        files.removeIf(file -> !file.contains(Long.toString(java)) && !file.endsWith("/core"));
        return files;
    }

    private static Set<String> shared() throws IOException {
        Set<String> all = new TreeSet<>();
        List<Path> directories = new ArrayList<>();
        SHARED.forEach(name -> directories.add(Path.of(name)));
        try (Stream<Path> perf = Files.list(Path.of("/tmp"))) {
            perf.filter(file -> file.getFileName().toString().startsWith("hsperfdata_"))
                    .forEach(directories::add);
        }
        for (Path directory : directories) {
            try (Stream<Path> files = Files.list(directory)) {
                files.forEach(file -> all.add(file.toString()));
            }
        }
        return all;
    }
}
