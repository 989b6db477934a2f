// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.process;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables and the working directory. Source: runtime-spec config.md#process. */
@Requires(ROOT)
class EnvironmentIT {
    private static final String PASSWD =
            "root:x:0:0:root:/root:/bin/sh\nbroken line\napp:x:77:77:An App:/home/app:/bin/sh\n";

    @Test
    @Shows("process.env")
    void variablesAreThoseOfTheConfig() {
        var bundle =
                Bundle.busybox().set("/process/env", List.of("PATH=/bin", "B=2", "A=", "C=x=y"));

        assertEquals(List.of("PATH=/bin", "B=2", "A=", "C=x=y", "HOME=/"), environment(bundle));
    }

    @Test
    void variablesOfTheCallerAreNotSeen() {
        var bundle = Bundle.busybox().args("env");

        Result env =
                bundle.invoke("run", Sandbox.current().freshId()).variable("LEAK", "secret").run();

        assertFalse(env.output().contains("secret"), env::describe);
    }

    @Test
    @Shows("process.env")
    void laterValueOfAVariableCounts() {
        var bundle = Bundle.busybox().env("X=1", "Y=2", "X=3");

        List<String> environment = environment(bundle);

        assertTrue(environment.contains("X=3"), environment::toString);
        assertFalse(environment.contains("X=1"), environment::toString);
    }

    @ParameterizedTest
    @CsvSource({"0, /root", "77, /home/app", "99, /"})
    @Shows("process.env")
    void homeIsThatOfTheUserInPasswd(int uid, String home) {
        var bundle = Bundle.busybox().file("/etc/passwd", PASSWD).user(uid, uid);

        assertTrue(environment(bundle).contains("HOME=" + home));
    }

    /** An image may hold anything under this name; to wait for a writer would be for ever. */
    @Test
    @Requires(JRUNC)
    void passwdThatIsNoFileDoesNotMatter() {
        var directory = Bundle.busybox().directory("/etc/passwd");
        assertTrue(environment(directory).contains("HOME=/"));

        var fifo = Bundle.busybox();
        Sandbox.current().command("mkfifo", fifo.inside("/etc/passwd").toString()).run().output();
        assertTrue(environment(fifo).contains("HOME=/"));
    }

    @Test
    void homeOfTheConfigIsKept() {
        var bundle = Bundle.busybox().file("/etc/passwd", PASSWD).env("HOME=/mine");

        assertTrue(environment(bundle).contains("HOME=/mine"));
    }

    @Test
    void emptyHomeIsReplaced() {
        var bundle = Bundle.busybox().file("/etc/passwd", PASSWD).env("HOME=");

        assertTrue(environment(bundle).contains("HOME=/root"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOEQUALS", "=empty"})
    void malformedVariableIsRefused(String variable) {
        Bundle.busybox().env(variable).run("true").failsWith("env|variable");
    }

    @Test
    @Shows("process.cwd")
    void workingDirectoryIsThatOfTheConfig() {
        assertEquals("/etc", Bundle.busybox().cwd("/etc").run("pwd").output());
    }

    @Test
    @Shows("process.cwd")
    void missingWorkingDirectoryIsMade() {
        var bundle = Bundle.busybox().writable().cwd("/srv/app");

        Result pwd = bundle.sh("pwd; stat -c '%a %u' .");

        assertEquals(List.of("/srv/app", "755 0"), pwd.lines());
        assertTrue(Files.isDirectory(bundle.inside("/srv/app")));
    }

    @Test
    void workingDirectoryThroughALinkStaysInside() {
        var bundle = Bundle.busybox().link("/link", "/../../../../tmp/..").cwd("/link/etc");

        assertEquals("/etc", bundle.run("realpath", ".").output());
    }

    @Test
    void relativeWorkingDirectoryIsRefused() {
        Bundle.busybox().cwd("tmp").run("true").failsWith("(?i)cwd", "absolute");
    }

    @Test
    void fileAsWorkingDirectoryIsRefused() {
        Bundle.busybox()
                .file("/file", "x")
                .cwd("/file")
                .run("true")
                .failsWith("/file", "ENOTDIR|not a directory");
    }

    @Test
    void workingDirectoryThatOnlyTheUserMayEnterIsEntered() {
        var bundle = Bundle.busybox().directory("/own").cwd("/own").user(1000, 1000);
        Sandbox.current()
                .command(
                        "sh",
                        "-c",
                        "chown 1000 \"$0\"; chmod 700 \"$0\"",
                        bundle.inside("/own").toString())
                .run()
                .output();

        assertEquals("/own", bundle.run("pwd").output());
    }

    private static List<String> environment(Bundle bundle) {
        return bundle.run("cat", "/proc/self/environ")
                .output()
                .lines()
                .flatMap(line -> List.of(line.split("\0", -1)).stream())
                .filter(variable -> !variable.isEmpty())
                .toList();
    }
}
