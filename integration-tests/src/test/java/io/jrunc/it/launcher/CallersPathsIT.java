// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.launcher;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A path in the arguments is the caller's: with its descriptors, its working directory, its root.
 * To another process, {@code /dev/fd/5} is another file.
 */
@Requires(ROOT)
class CallersPathsIT {
    private Path directory;

    @BeforeEach
    void make() {
        directory = Sandbox.current().freshDirectory("paths");
    }

    /** Runs a script of bash, in which {@code jrunc} is the runtime. */
    private Invocation bash(String script, String... arguments) {
        String function =
                String.format(
                        "jrunc() { %s --root %s \"$@\"; }\n",
                        Program.path(), Sandbox.current().root());
        List<String> command = new ArrayList<>(List.of("bash", "-c", function + script, "bash"));
        command.addAll(List.of(arguments));
        return Sandbox.current().command(command).in(directory);
    }

    /** The same where the runtime cannot write what it is made of, whatever goes wrong. */
    private Invocation guarded(String script, String... arguments) throws IOException {
        Path home = Path.of(Program.path()).getParent().getParent();
        Path java = Path.of(Files.readAllLines(home.resolve("lib/jrunc.conf")).get(0));
        String protect =
                String.format(
                        "for d in %s %s; do mount --bind $d $d && mount -o remount,bind,ro $d"
                                + " || exit 99; done\n",
                        home, java.toRealPath().getParent().getParent());
        return bash(protect + script, arguments)
                .under("unshare", "--mount", "--propagation", "private");
    }

    @ParameterizedTest
    @Requires({ROOT, JRUNC})
    @ValueSource(strings = {"/dev/fd/5", "/proc/self/fd/5", "/proc/thread-self/fd/5", "./link"})
    void logIsTheDescriptorThatTheCallerMeans(String path) throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), Path.of("/proc/self/fd/5"));

        Result exec = guarded("jrunc --log \"$1\" exec nosuch true 5>>log", path).run();

        assertTrue(exec.status() != 0, exec::describe);
        assertTrue(Files.readString(directory.resolve("log")).contains("nosuch"), exec::describe);
    }

    /** The attack: what Java has open under the number is its own program. */
    @Test
    @Requires({ROOT, JRUNC})
    @Escape("caller-descriptor")
    void pathsNeverReferToDescriptorsOfTheRuntime() throws IOException {
        for (int number = 3; number < 12; number++) {
            Result state = guarded("jrunc --log /dev/fd/" + number + " state nosuch").run();

            state.failsWith("/dev/fd/" + number + ": (ENOENT|ENXIO)");
        }
    }

    @Test
    void filesAreReadFromPipesOfTheCaller() {
        var container = Bundle.busybox().start("sleep", "60");

        Result exec =
                bash("jrunc exec --process <(echo '{\"cwd\":\"/\",\"args\":[\"echo\",\"hi\"],"
                                + "\"env\":[\"PATH=/bin\"]}') "
                                + container.id())
                        .run();
        Result update =
                bash("jrunc update -r <(echo '{\"pids\":{\"limit\":77}}') " + container.id()).run();

        assertEquals("hi", exec.output());
        assertEquals(0, update.status(), update::describe);
    }

    @Test
    @Requires({ROOT, JRUNC})
    void specificationIsReadFromAPipeOfTheCaller() {
        Bundle bundle = Bundle.busybox().args("echo", "hi").write();
        String id = Sandbox.current().freshId();

        Result run =
                bash(
                                "jrunc run -b \"$1\" --config <(cat \"$1/config.json\") " + id,
                                bundle.directory().toString())
                        .run();

        assertEquals("hi", run.output());
    }

    @ParameterizedTest
    @Requires({ROOT, JRUNC})
    @ValueSource(strings = {"/dev/fd/7", "/proc/self/fd/7", "/proc/self/cwd", "."})
    void bundleIsTheDirectoryThatTheCallerMeans(String path) {
        Bundle bundle = Bundle.busybox().args("echo", "hi").write();
        String id = Sandbox.current().freshId();

        Result run = bash("jrunc run -b \"$1\" " + id + " 7<.", path).in(bundle.directory()).run();

        assertEquals("hi", run.output());
    }

    @Test
    @Requires({ROOT, JRUNC})
    void namesThatAreNoUtf8StayAsTheyAre() {
        Result state =
                bash("jrunc --log $'x\\xffy' state nosuch; test -s $'x\\xffy' && echo there").run();
        var container = Bundle.busybox().start("sleep", "60");
        Result echo = bash("jrunc exec " + container.id() + " echo $'a\\xffb' | od -An -tx1").run();

        assertEquals("there", state.output());
        assertEquals("61 ff 62 0a", echo.output().strip());
    }

    @Test
    @Requires({ROOT, JRUNC})
    void workingDirectoryThatWasRemovedIsNotTheRoot() {
        String prepare = "mkdir gone && cd gone && rmdir ../gone && ";
        var container = Bundle.busybox().start("sleep", "60");

        Result relative = bash(prepare + "jrunc --log x.log state nosuch").run();
        Result create = bash(prepare + "jrunc create " + Sandbox.current().freshId()).run();
        Result state = bash(prepare + "jrunc state " + container.id()).run();

        relative.failsWith("openat x.log: ENOENT");
        assertFalse(Files.exists(Path.of("/x.log")));
        create.failsWith("the directory was removed");
        assertEquals("running", Json.parse(state.output()).at("/status").asText());
    }

    @Test
    @Requires({ROOT, JRUNC})
    void umaskAndRootAreTheCallers() throws IOException {
        bash("umask 077; jrunc --log private.log state nosuch; true").run().output();

        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("private.log"))));
    }

    /** The attack: with the host's own device, this takes it away from every program. */
    @Test
    @Escape("caller-descriptor")
    @Requires({ROOT, JRUNC})
    void pidFileThatIsNoPlainFileIsWrittenAndNotReplaced() throws IOException {
        Path device = directory.resolve("null");
        Path link = directory.resolve("link");
        Path pipe = directory.resolve("pipe");
        Sandbox.current().command("mknod", device.toString(), "c", "1", "3").run().output();
        Sandbox.current().command("mkfifo", pipe.toString()).run().output();
        Files.createSymbolicLink(link, Path.of("target"));
        var container = Bundle.busybox().start("sleep", "60");

        container.exec("--pid-file", device.toString(), "true").output();
        container.exec("--pid-file", link.toString(), "true").output();
        Result piped =
                bash("cat pipe & jrunc exec --pid-file pipe " + container.id() + " true; wait")
                        .run();

        assertFalse(Files.isRegularFile(device, LinkOption.NOFOLLOW_LINKS));
        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.readString(directory.resolve("target")).matches("\\d+"));
        assertTrue(piped.output().matches("\\d+"), piped::describe);
    }

    @Test
    @Requires({ROOT, JRUNC})
    void socketsAreThoseOfTheCallersDirectory() {
        Bundle bundle = Bundle.busybox().args("true");
        Result create =
                bundle.invoke("create", "--pidfd-socket", "none", Sandbox.current().freshId())
                        .run();

        create.failsWith("connect none: ENOENT");
    }
}
