// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Requires;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The file of a startContainer hook is the image's. Source: runtime-spec
 * config.md#posix-platform-hooks.
 */
@Requires(ROOT)
@Escape("start-container-hook")
class StartContainerHookIT {
    private static final String RIGHTS =
            "id; grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status; ulimit -n; umask;"
                    + " echo HOME=$HOME";

    /** What is written is what is there: the attack does no harm if it succeeds. */
    private static final String ATTACK =
            "mount -o remount,rw /proc/sys && echo GOT proc;"
                    + " cat /proc/sys/kernel/core_pattern > /dev/shm/pattern;"
                    + " cat /dev/shm/pattern > /proc/sys/kernel/core_pattern && echo GOT pattern;"
                    + " mkdir /dev/shm/d && echo GOT mkdir;";

    private static Bundle bundle(boolean noNewPrivileges) {
        return Bundle.busybox()
                .writable()
                .file("/etc/passwd", "web:x:1000:1000::/srv/web:/bin/sh\n")
                .file(
                        "/hook",
                        "#!/bin/sh\n{ "
                                + RIGHTS
                                + "; "
                                + ATTACK
                                + " } > /dev/shm/hook 2>&1\n"
                                + "exit 0\n",
                        "rwxr-xr-x")
                .user(1000, 1000)
                .capabilities()
                .set("/process/noNewPrivileges", noNewPrivileges)
                .json(
                        "/process/rlimits",
                        "[{\"type\": \"RLIMIT_NOFILE\", \"soft\": 99, \"hard\": 99}]")
                .json(
                        "/linux/seccomp",
                        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\":"
                                + " [{\"names\": [\"mkdir\", \"mkdirat\"], \"action\": \"SCMP_ACT_ERRNO\"}]}")
                .json("/hooks/startContainer", "[{\"path\": \"/hook\"}]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hookHasTheProgramsRightsAndNoMore(boolean noNewPrivileges) {
        String script = "cat /dev/shm/hook; echo; echo program; " + RIGHTS;

        List<String> lines = bundle(noNewPrivileges).sh(script).lines();

        int program = lines.indexOf("program");
        List<String> own = lines.subList(program + 1, lines.size());
        assertTrue(own.contains("HOME=/srv/web"), own::toString);
        assertTrue(own.contains("Seccomp:\t2"), own::toString);
        assertTrue(own.contains("CapPrm:\t0000000000000000"), own::toString);
        assertEquals(own, lines.subList(0, own.size()));
        assertTrue(lines.stream().noneMatch(line -> line.startsWith("GOT")), lines::toString);
    }

    @Test
    void hookOfACreatedContainerHasThemToo() {
        Container container = bundle(true).create("cat", "/dev/shm/hook");

        container.start().output();

        String hook = container.awaitEnd().output();
        assertTrue(hook.contains("uid=1000(web) gid=1000"), hook);
        assertTrue(hook.contains("CapEff:\t0000000000000000"), hook);
        assertTrue(hook.contains("NoNewPrivs:\t1"), hook);
        assertTrue(hook.contains("Seccomp:\t2"), hook);
        assertTrue(!hook.contains("GOT"), hook);
    }

    /** What it prints is kept in memory, and shown if it fails. */
    @Test
    void hookThatPrintsALotCostsTheRuntimeLittle() {
        Bundle bundle = bundle(true);
        String script = "#!/bin/sh\nhead -c 200000000 /dev/zero\nexit 3\n";
        bundle.file("/hook", script, "rwxr-xr-x");

        bundle.run("true").failsWith("error running (startContainer )?hook #0.*exit status 3");
    }

    /** Its own set-up, and the runtime's, need nothing that the profile must allow. */
    @Test
    void hookIsKilledByWhatKillsTheProgram() {
        Bundle bundle = bundle(true);
        bundle.json(
                "/linux/seccomp",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"mkdir\","
                        + " \"mkdirat\"], \"action\": \"SCMP_ACT_KILL_PROCESS\"}]}");
        bundle.file("/hook", "#!/bin/sh\nexec mkdir /dev/shm/d\n", "rwxr-xr-x");

        bundle.run("true")
                .failsWith("error running (startContainer )?hook #0.*(signal 31|bad system call)");
    }
}
