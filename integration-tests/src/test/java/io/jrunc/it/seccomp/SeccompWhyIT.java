// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.seccomp;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.KERNEL_LOG;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code jrunc seccomp why}: records in the kernel's log. The kernel writes a few records every
 * five seconds and drops the rest, so the tests wait until other tests' records no longer count.
 */
@Requires({ROOT, JRUNC, KERNEL_LOG})
class SeccompWhyIT {
    private static final int ATTEMPTS = 20;
    private static final long KERNELS_INTERVAL_MILLIS = 5_500;
    private static final int KILLED_BY_SIGSYS = 128 + 31;

    private static Bundle denying(String call, String action, String flags) {
        return Bundle.busybox()
                .json(
                        "/linux/seccomp",
                        """
                        {"defaultAction": "SCMP_ACT_ALLOW", "flags": [%s],
                         "syscalls": [{"names": ["getcwd"], "action": "SCMP_ACT_LOG"},
                                      {"names": ["%s"], "action": "SCMP_ACT_%s"}]}
                        """
                                .formatted(flags, call, action));
    }

    private static Result why(Container container) {
        return Sandbox.current().runtime("seccomp", "why", container.id()).run();
    }

    /** Runs containers until the log has room for what one of them was denied. */
    private static Result untilTold(Supplier<Result> attempt, String pattern) {
        Result result = attempt.get();
        for (int i = 1; i < ATTEMPTS && !shows(result, pattern); i++) {
            Host.pause(KERNELS_INTERVAL_MILLIS);
            result = attempt.get();
        }
        Result last = result;
        assertTrue(shows(last, pattern), () -> "no " + pattern + " in " + last.describe());
        return last;
    }

    private static boolean shows(Result result, String pattern) {
        return (result.stdout() + result.stderr()).matches("(?s).*" + pattern + ".*");
    }

    @Test
    void callForWhichInitWasKilledIsNamedOfAStoppedContainer() {
        untilTold(
                () -> {
                    Container container =
                            denying("mkdir", "KILL_PROCESS", "").create("mkdir", "/dev/shm/d");
                    long pid = container.pid();
                    assertEquals(0, container.start().status());
                    container.awaitEnd();
                    Result why = why(container);
                    assertTrue(!shows(why, "mkdir by") || shows(why, "pid " + pid), why::describe);
                    return why;
                },
                "T.*Z mkdir by pid \\d+ \\(mkdir\\): linux.seccomp.syscalls\\[1] \\(mkdir\\):"
                        + " SCMP_ACT_KILL_PROCESS");
    }

    @Test
    void errorsOfARunningContainerAreNamedIfTheyAreLogged() {
        untilTold(
                () -> {
                    Container container =
                            denying("chdir", "ERRNO", "\"SECCOMP_FILTER_FLAG_LOG\"")
                                    .start("sh", "-c", "cd /tmp; echo done; sleep 60");
                    container.awaitOutput("done");
                    return why(container);
                },
                "Z chdir by pid \\d+ \\(sh\\): linux.seccomp.syscalls\\[1] \\(chdir\\):"
                        + " SCMP_ACT_ERRNO EPERM\n");
    }

    @Test
    void emptyLogIsExplained() {
        Container container = denying("chdir", "ERRNO", "").start("sleep", "60");
        why(container)
                .failsWith("SECCOMP_FILTER_FLAG_LOG in linux.seccomp.flags; add that, or run");

        Container killing = denying("chdir", "KILL_PROCESS", "").start("sleep", "60");
        why(killing).failsWith("drops some when there are many: run jrunc seccomp record --denied");

        why(Bundle.busybox().start("sleep", "60")).failsWith("linux.seccomp: is missing");
    }

    @Test
    void denialsOfOtherProcessesAreNotReported() {
        Container quiet = denying("mkdir", "KILL_PROCESS", "").start("sleep", "60");
        untilTold(
                () -> {
                    Container other =
                            denying("mkdir", "ERRNO", "\"SECCOMP_FILTER_FLAG_LOG\"")
                                    .start("sh", "-c", "mkdir /dev/shm/d; sleep 60");
                    Container killing =
                            denying("chdir", "ERRNO", "\"SECCOMP_FILTER_FLAG_LOG\"")
                                    .start("sh", "-c", "cd /tmp; echo done; sleep 60");
                    killing.awaitOutput("done");
                    assertEquals("running", other.status());
                    return why(killing);
                },
                "chdir by pid");

        why(quiet).failsWith("has no denied call of container " + quiet.id());
    }

    @ParameterizedTest
    @CsvSource({
        "ERRNO, SCMP_ACT_ERRNO EPERM: .*execve .*EPERM",
        "KILL_PROCESS, SCMP_ACT_KILL_PROCESS"
    })
    void commandThatFailsBecauseOfItsFilterNamesTheRule(String action, String why) {
        var bundle = denying("execve", action, "");
        String rule = "linux.seccomp.syscalls\\[1] \\(execve\\): " + why;

        bundle.run("sleep", "60").failsWith("run .*: " + rule);
        Container container = bundle.create("sleep", "60");
        Result exec = Sandbox.current().runtime("exec", container.id(), "true").run();
        assertTrue(exec.stderr().matches("(?s).*" + rule + ".*"), exec::describe);
        container.start().failsWith(rule);
    }

    /** The error is the file system's, and no rule is blamed for it. */
    @Test
    void ruleThatDidNotAnswerIsNotNamed() {
        var bundle = denying("execve", "KILL_PROCESS", "");
        bundle.args("/etc"); // a directory

        Result run = bundle.invoke(List.of("run", Sandbox.current().freshId())).run();

        assertTrue(!run.stderr().contains("syscalls["), run::describe);
    }

    @Test
    void foregroundRunReportsWhyInitWasKilled() {
        var bundle = denying("mkdir", "KILL_PROCESS", "");

        untilTold(
                () -> {
                    Result run = bundle.run("mkdir", "/dev/shm/d");
                    assertEquals(KILLED_BY_SIGSYS, run.status(), run::describe);
                    return run;
                },
                "init was killed: mkdir by pid \\d+ \\(mkdir\\): linux.seccomp.syscalls\\[1]");
    }
}
