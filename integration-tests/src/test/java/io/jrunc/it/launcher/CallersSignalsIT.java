// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.launcher;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.HeldRuntime;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Signals that the caller ignores or blocks, and signals that hit the launcher at a bad moment. A
 * container's program begins with all signals at their defaults, as it does with runc.
 */
@Requires(ROOT)
class CallersSignalsIT {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final String[] SIGNALS = {"grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"};
    private static final String NONE = "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000";

    private static Map<String, Object> hook(String script) {
        return Map.of("path", "/bin/sh", "args", List.of("sh", "-c", script));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--ignore-signal=CHLD", "--ignore-signal", "--block-signal"})
    void commandsEndWhateverTheCallerIgnores(String option) {
        Bundle bundle = Bundle.busybox();
        bundle.add("/hooks/createRuntime", hook("exit 0"));
        bundle.add("/hooks/poststop", hook("exit 0"));

        Result run =
                bundle.args(SIGNALS)
                        .invoke("run", Sandbox.current().freshId())
                        .under("env", option)
                        .run();
        var container = bundle.start("sleep", "60");
        Result exec = container.execution(SIGNALS).under("env", option).run();

        assertEquals(NONE, run.output());
        assertEquals("", run.stderr());
        assertEquals(NONE, exec.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "TERM", "USR1"})
    void ignoredSignalReachesTheContainer(String signal) {
        Bundle bundle = Bundle.busybox();
        String wait =
                "trap 'echo got it; exit 7' " + signal + "; echo ready; while :; do sleep 1; done";
        var running =
                bundle.args("sh", "-c", wait)
                        .invoke("run", Sandbox.current().freshId())
                        .under("env", "--ignore-signal=" + signal)
                        .start();
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> running.soFar().stdout().contains("ready")),
                running.soFar()::describe);
        assertTrue(Host.becomes(PATIENCE_MILLIS, running::takesSignals));

        Sandbox.current().command("kill", "-" + signal, "" + running.pid()).run().output();
        Result run = running.await();

        assertEquals(7, run.status(), run::describe);
        assertEquals("ready\ngot it\n", run.stdout());
    }

    /** A hook may end all that it has started by a signal to its process group. */
    @ParameterizedTest
    @Requires({ROOT, JRUNC})
    @ValueSource(
            strings = {
                "prestart",
                "createRuntime",
                "createContainer",
                "startContainer",
                "poststart",
                "poststop"
            })
    void hookThatSignalsItsProcessGroupHitsNoOther(String kind) {
        Bundle bundle = Bundle.busybox().args("echo", "ran");
        for (String signal : List.of("TERM", "HUP")) {
            bundle.add("/hooks/" + kind, hook("trap '' " + signal + "; kill -" + signal + " 0"));
        }

        Result run = bundle.invoke("run", Sandbox.current().freshId()).run();

        assertEquals("ran", run.output());
        assertEquals("", run.stderr());
    }

    /** Neither Java nor init nor the hook outlives the launcher of the start. */
    @ParameterizedTest
    @Requires({ROOT, JRUNC})
    @ValueSource(strings = {"INT", "KILL"})
    void startWhoseLauncherIsKilledInAHookEnds(String signal) {
        Bundle bundle = Bundle.busybox();
        String wait = "/wait-" + Sandbox.current().token();
        bundle.file(wait, "#!/bin/sh\nsleep 1000", "rwxr-xr-x");
        bundle.add("/hooks/startContainer", Map.of("path", wait));
        var container = bundle.create("sleep", "60");
        // A shell that runs the tests in the background ignores SIGINT, and so would they.
        var start =
                Sandbox.current()
                        .runtime("start", container.id())
                        .under("env", "--default-signal=INT")
                        .start();
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> Host.processes(wait).size() == 1));

        Sandbox.current().command("kill", "-" + signal, "" + start.pid()).run().output();
        start.await();

        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> Host.processes(wait).isEmpty()),
                () -> Host.processes(wait).toString());
        // The pid namespace is emptied before its init is gone.
        assertEquals(0, container.awaitEnd().delete().status());
    }

    /** The host's hooks end with the launcher, which is their parent. */
    @Test
    @Requires({ROOT, JRUNC})
    void hookOfTheHostEndsWithTheLauncher() {
        Bundle bundle = Bundle.busybox().args("true");
        String id = Sandbox.current().freshId();
        HeldRuntime held = HeldRuntime.of(bundle, "createRuntime", List.of("create", id));

        held.launcher().process().destroyForcibly();
        held.launcher().await();

        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> Host.processes(id).isEmpty()),
                () -> Host.processes(id).toString());
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> !Sandbox.current().knows(id)),
                () -> "state of " + id);
    }
}
