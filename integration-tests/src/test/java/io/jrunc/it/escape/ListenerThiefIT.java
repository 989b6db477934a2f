// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.PERL;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.SeccompAgent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A seccomp listener decides for a process that exec brings into a container. Between the load of
 * the filter and the hand-over the descriptor is open in that process: whatever takes it, or traces
 * the process, lets all calls pass. seccomp_unotify(2), pidfd_getfd(2).
 */
@Requires({ROOT, JRUNC, PERL, SETPRIV})
@Escape("listener-thief")
class ListenerThiefIT {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final int ROUNDS = 8;
    private static final String OWN = "^(perl|true|busybox)";
    private static final String[] WITHOUT_PTRACE = {"setpriv", "--bounding-set", "-sys_ptrace"};

    private static Container thief(
            SeccompAgent agent, boolean userNamespace, String... capabilities) {
        Bundle bundle = Bundle.busybox();
        if (userNamespace) {
            bundle.userNamespace(100_000, 65_536);
        }
        bundle.capabilities(capabilities);
        bundle.json(
                "/linux/seccomp",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerPath\": \""
                        + agent.path()
                        + "\", \"syscalls\": [{\"names\": [\"mkdir\", \"mkdirat\"],"
                        + " \"action\": \"SCMP_ACT_NOTIFY\"}]}");
        return bundle.start(HostileScript.install(bundle, "thief.pl", OWN)).awaitOutput("ready");
    }

    /** Root of the host may fetch the listener from a process that nothing else may trace. */
    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void listenerOfAProcessOfExecCannotBeTaken(boolean runtimeMayTrace, boolean userNamespace) {
        try (SeccompAgent agent = new SeccompAgent(number -> SeccompAgent.CONTINUE)) {
            Container thief =
                    thief(agent, userNamespace, "CAP_KILL", "CAP_DAC_OVERRIDE", "CAP_SETUID");

            for (int round = 0; round < ROUNDS; round++) {
                Invocation exec = thief.execution("true");
                Result result = runtimeMayTrace ? exec.run() : exec.under(WITHOUT_PTRACE).run();
                assertEquals(0, result.status(), result::describe);
            }

            thief.kill("TERM").output();
            String report = thief.awaitOutput("seen").output();
            assertFalse(report.contains("GOT"), report);
            assertFalse(report.contains("seen 0"), report); // else it was too slow to see anything
            assertTrue(
                    Host.becomes(PATIENCE_MILLIS, () -> agent.states().size() == 1 + ROUNDS),
                    () -> agent.states().size() + " listeners came");
        }
    }

    /** The kernel would let the thief have it. */
    @Test
    void isRefusedWhereItCouldBeTaken() {
        try (SeccompAgent agent = new SeccompAgent(number -> SeccompAgent.CONTINUE)) {
            Container thief = thief(agent, true, "CAP_SYS_PTRACE");

            Result exec = thief.execution("true").under(WITHOUT_PTRACE).run();

            assertEquals(255, exec.status(), exec::describe);
            String refusal = "linux.seccomp: the listener could be taken by a process";
            assertTrue(exec.stderr().contains(refusal), exec::describe);
        }
    }
}
