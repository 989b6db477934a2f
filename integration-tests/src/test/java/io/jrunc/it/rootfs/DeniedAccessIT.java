// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If the root of a user namespace is denied access, the message has the command that fixes it. */
@Requires({ROOT, JRUNC})
class DeniedAccessIT {
    private static final Pattern REMEDY = Pattern.compile("run ((chmod|mkdir) [^,:\"]+)");

    private static final int EXEC_FAILURE = 255;

    private static Bundle mapped() {
        return Bundle.busybox().userNamespace(100000, 65536);
    }

    /** Runs it, and the command that each failure names, until it succeeds. */
    private static Result mended(Bundle bundle) {
        Result run = bundle.run("echo", "ran");
        for (int i = 0; i < 10 && run.status() != 0; i++) {
            Matcher remedy = REMEDY.matcher(run.stderr());
            assertTrue(remedy.find(), run::describe);
            Sandbox.current().command("sh", "-c", remedy.group(1)).run().output();
            run = bundle.run("echo", "ran");
        }
        return run;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/rootfs"})
    void directoryThatMayNotBeSearchedIsNamed(String directory) {
        var bundle = mapped();
        String closed = bundle.directory() + directory;
        Sandbox.current().command("chmod", "700", closed).run().output();

        bundle.run("true")
                .failsWith(
                        closed + " belongs to 0:0 and has mode 700", "uid 100000", "chmod o\\+x");
        assertEquals("ran", mended(bundle).output());
    }

    @Test
    void directoryThatMayNotBeMadeIsNamed() {
        var bundle = mapped().mount("/new/point", "tmpfs", "tmpfs");

        bundle.run("true").failsWith("uid 100000", "may not make it there; run mkdir -p");
        assertEquals("ran", mended(bundle).output());
    }

    /** Made on the host after the start, by an id that the container does not map. */
    private static void close(Path directory, String program) {
        String copy = "mkdir -p \"$1/in\" && cp $2 \"$1/in/" + program + "\" && chmod 700 \"$1\"";
        Sandbox.current()
                .command(
                        "sh",
                        "-c",
                        copy,
                        "sh",
                        directory.toString(),
                        Program.installed("busybox").orElseThrow())
                .run()
                .output();
    }

    /** Returns the refusal. */
    private static String refused(Container container, String... args) {
        Result exec = container.exec(args);
        assertEquals(EXEC_FAILURE, exec.status(), exec::describe);
        return exec.stderr();
    }

    private static void contains(String expected, String text) {
        assertTrue(text.contains(expected), () -> expected + "\nis not in\n" + text);
    }

    private static void refusesUntilMended(Container container, String closed, String... args) {
        String refusal = refused(container, args);
        contains(closed + " belongs to 0:0 and has mode 700, so uid 10", refusal);
        Matcher remedy = REMEDY.matcher(refusal);
        assertTrue(remedy.find(), refusal);
        Sandbox.current().command("sh", "-c", remedy.group(1)).run().output();
        assertEquals("ran", container.exec(args).output());
        Sandbox.current().command("chmod", "700", closed).run().output();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void execIsRefusedWithTheDirectoryOfTheRootfsThatItMayNotSearch(int uid) {
        var bundle = mapped().link("/way", "closed/in");
        var container = bundle.start("sleep", "60");
        String closed = bundle.inside("/closed").toString();
        close(Path.of(closed), "echo");
        String user = uid + ":" + uid;

        refusesUntilMended(container, closed, "--user", user, "--cwd", "/closed/in", "echo", "ran");
        refusesUntilMended(container, closed, "--user", user, "--cwd", "/way", "echo", "ran");
        refusesUntilMended(container, closed, "--user", user, "/closed/in/echo", "ran");
        refusesUntilMended(container, closed, "--user", user, "/way/echo", "ran");
        refusesUntilMended(
                container, closed, "--user", user, "--env", "PATH=/closed/in", "echo", "ran");
    }

    /** The command names the place on the host that the bind mount shows. */
    @Test
    void execIsRefusedWithTheSourceOfTheVolume() {
        Path volume = Sandbox.current().freshDirectory("volume");
        Sandbox.current().command("chmod", "755", volume.toString()).run().output();
        var container = mapped().directory("/data").bind(volume, "/data").start("sleep", "60");
        Path closed = volume.resolve("it's closed");
        close(closed, "echo");

        String refusal = refused(container, "--cwd", "/data/it's closed/in", "echo", "ran");

        // The log quotes the backslash once more.
        contains("run chmod o+x '" + volume + "/it'\\\\''s closed'", refusal);
        contains("uid 100000", refusal);
    }

    /** What no directory of the host shows is reached through the container's init. */
    @Test
    void execIsRefusedWithTheDirectoryOfATmpfs() {
        var bundle = mapped().directory("/data").mount("/data", "tmpfs", "tmpfs");
        var container = bundle.start("sleep", "60");
        container.exec("mkdir", "-p", "/data/private/in").output();
        container.exec("chmod", "700", "/data/private").output();
        String[] command = {"--user", "7:7", "--cwd", "/data/private/in", "echo", "ran"};

        // Root of the namespace may enter it, so that the working directory is no obstacle.
        assertEquals("ran", container.exec(command).output());
        String[] program = {"--user", "7:7", "/data/private/in/echo", "ran"};
        container.exec("sh", "-c", "cat /bin/busybox >/data/private/in/echo").output();
        container.exec("chmod", "755", "/data/private/in/echo").output();
        String path = "/proc/" + container.pid() + "/root/data/private";
        String refusal = refused(container, program);
        contains(path + " belongs to 100000:100000 and has mode 700", refusal);
        contains("uid 100007, uid 7 of the container", refusal);
        contains("run chmod o+x " + path, refusal);
        Sandbox.current().command("chmod", "o+x", path).run().output();
        assertEquals("ran", container.exec(program).output());
    }

    @Test
    void programThatMayNotBeExecutedIsNamed() {
        var bundle = mapped();
        var container = bundle.start("sleep", "60");
        bundle.file("/tool", "#!/bin/echo", "rwx------");
        String tool = bundle.inside("/tool").toString();

        String refusal = refused(container, "--user", "7:7", "/tool");
        contains(tool + " belongs to 0:0 and has mode 700", refusal);
        contains("may not execute it; run chmod o+x " + tool, refusal);
        bundle.user(7, 7)
                .run("/tool")
                .failsWith("may not execute it; run chmod o\\+x " + Pattern.quote(tool));
    }

    /** The last call of a container that was created is made when it is started. */
    @Test
    void directoryThatWasClosedAfterCreateIsNamedByStart() {
        var bundle = mapped();
        String closed = bundle.inside("/closed").toString();
        close(Path.of(closed), "echo");
        Sandbox.current().command("chmod", "755", closed).run().output();
        var container = bundle.create("/closed/in/echo", "ran");
        Sandbox.current().command("chmod", "700", closed).run().output();

        container.start().failsWith("run chmod o\\+x " + Pattern.quote(closed), "uid 100000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/closed/in", "/"})
    void directoryOfTheProgramIsNamedByRun(String cwd) {
        var bundle = mapped();
        String closed = bundle.inside("/closed").toString();
        close(Path.of(closed), "echo");

        bundle.cwd(cwd)
                .run("/closed/in/echo", "ran")
                .failsWith(
                        Pattern.quote(closed + " belongs to 0:0 and has mode 700"),
                        "run chmod o\\+x " + Pattern.quote(closed));
    }
}
