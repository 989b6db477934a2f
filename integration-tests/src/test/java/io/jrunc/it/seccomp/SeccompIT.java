// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.seccomp;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import io.jrunc.seccomp.profile.BundledProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Source: runtime-spec config-linux.md#seccomp. */
@Requires(ROOT)
class SeccompIT {
    private static final int KILLED_BY_SIGSYS = 128 + 31;

    @Test
    void filterIsInForce() {
        Result status = filtered("\"mkdir\"", "ERRNO").sh("grep Seccomp: /proc/self/status");

        assertEquals("Seccomp:\t2", status.output());
    }

    @Test
    @Shows({"linux.seccomp.syscalls.action=SCMP_ACT_ERRNO", "linux.seccomp.syscalls.names"})
    void systemCallFailsWithEperm() {
        filtered("\"mkdir\", \"mkdirat\"", "ERRNO")
                .run("mkdir", "/dev/shm/d")
                .failsWith("Operation not permitted");
    }

    @Test
    void systemCallFailsWithTheErrnoOfTheRule() {
        var bundle = filtered("\"mkdir\", \"mkdirat\"", "ERRNO");
        ((ObjectNode) bundle.config().at("/linux/seccomp/syscalls/0")).put("errnoRet", 38);

        bundle.run("mkdir", "/dev/shm/d").failsWith("Function not implemented");
    }

    @Test
    void otherSystemCallsWork() {
        var bundle = filtered("\"mkdir\", \"mkdirat\"", "ERRNO");

        assertEquals("ok", bundle.sh("touch /dev/shm/f && echo ok").output());
    }

    @Test
    void systemCallKillsTheProcess() {
        Result run = filtered("\"mkdir\", \"mkdirat\"", "KILL_PROCESS").run("mkdir", "/dev/shm/d");

        assertEquals(KILLED_BY_SIGSYS, run.status(), run::describe);
    }

    /** The end of the conversation with init is no proof that the program runs. */
    @ParameterizedTest
    @ValueSource(strings = {"ERRNO", "KILL_PROCESS", "KILL_THREAD", "TRAP"})
    void profileWithoutExecveIsAnErrorOfEveryCommand(String action) {
        var bundle = filtered("\"execve\", \"execveat\"", action);
        String error = "operation not permitted|Operation not permitted|ended before it became";

        bundle.run("true").failsWith(error);
        Container detached = bundle.container();
        bundle.args("true").write();
        detached.runDetached().failsWith(error);
        assertFalse(Sandbox.current().knows(detached.id()));
        Container created = bundle.create("true");
        created.start().failsWith(error);
        created.awaitEnd();
    }

    @Test
    void profileWithoutExecveIsAnErrorOfExec() {
        for (boolean noNewPrivileges : new boolean[] {true, false}) {
            Bundle bundle = Bundle.busybox().set("/process/noNewPrivileges", noNewPrivileges);
            Container container = bundle.start("sleep", "60");
            var filtered = filtered("\"execve\", \"execveat\"", "KILL_PROCESS");
            Path config = Sandbox.current().root().resolve(container.id()).resolve("config.json");
            bundle.json("/linux/seccomp", filtered.config().at("/linux/seccomp").toString());
            write(config, bundle.config().toString());

            Result exec = container.exec("true");

            assertEquals(255, exec.status(), exec::describe);
            assertTrue(exec.stderr().contains("ended before it became"), exec::describe);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void argumentsDecide() {
        var bundle = filtered("\"kill\"", "ERRNO");
        ((ObjectNode) bundle.config().at("/linux/seccomp/syscalls/0"))
                .set(
                        "args",
                        Json.parse("[{\"index\": 1, \"value\": 10, \"op\": \"SCMP_CMP_EQ\"}]"));

        Result kill = bundle.sh("kill -CONT $$ && echo allowed; kill -USR1 $$");

        assertEquals("allowed\n", kill.stdout(), kill::describe);
        kill.failsWith("Operation not permitted");
    }

    @Test
    void filterIsLoadedWithoutNoNewPrivilegesToo() {
        var bundle = filtered("\"mkdir\", \"mkdirat\"", "ERRNO");
        bundle.set("/process/noNewPrivileges", false).user(1000, 1000);

        Result run =
                bundle.sh("grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status; mkdir /dev/shm/d");

        assertEquals("NoNewPrivs:\t0\nSeccomp:\t2\n", run.stdout());
        run.failsWith("Operation not permitted");
    }

    @Test
    void filterIsInForceAfterCreateAndStart() {
        Container container =
                filtered("\"mkdir\", \"mkdirat\"", "ERRNO")
                        .start("sh", "-c", "mkdir /dev/shm/d 2>/dev/null || echo denied");

        assertEquals("denied\n", container.awaitEnd().output());
    }

    @Test
    void unknownSystemCallIsSkipped() {
        assertEquals(0, filtered("\"frobnicate\"", "ERRNO").run("true").status());
    }

    @Test
    void unknownActionIsRefused() {
        filtered("\"mkdir\"", "SMILE").run("true").failsWith("SMILE");
    }

    @Test
    void emptyFilterIsNone() {
        var bundle =
                Bundle.busybox().json("/linux/seccomp", "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}");

        assertEquals(0, bundle.run("true").status());
    }

    /** The profile forbids the runtime's own last step; that must be an error, with its reason. */
    @Test
    @Requires(JRUNC)
    void profileThatForbidsExecveFailsWithTheReason() {
        filtered("\"execve\"", "ERRNO").run("true").failsWith("execve", "operation not permitted");
    }

    @Test
    void programsRunUnderDockersDefaultProfile() {
        Result run =
                Bundle.busybox()
                        .seccomp(BundledProfile.DEFAULT)
                        .sh("ls / | sort | head -1; echo $(expr 20 + 22) | cat; sleep 0.01; id -u");

        assertEquals(List.of("bin", "42", "0"), run.lines());
    }

    @Test
    void dockersDefaultProfileForbidsNewUserNamespaces() {
        var bundle = Bundle.busybox().seccomp(BundledProfile.DEFAULT).user(1000, 1000);

        assertEquals(
                0,
                Bundle.busybox().user(1000, 1000).run("busybox", "unshare", "-U", "true").status());
        bundle.run("busybox", "unshare", "-U", "true").failsWith("Operation not permitted");
    }

    /** Allows everything but these system calls. */
    private static Bundle filtered(String names, String action) {
        return Bundle.busybox()
                .json(
                        "/linux/seccomp",
                        """
                        {"defaultAction": "SCMP_ACT_ALLOW",
                         "syscalls": [{"names": [%s], "action": "SCMP_ACT_%s"}]}
                        """
                                .formatted(names, action));
    }
}
