// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.PERL;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.spec.ProcessSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A container looks at the processes that join it, from their first moment on: their program,
 * descriptors and memory are the runtime's until they run their own. In a user namespace its root
 * has every capability that they have, so that nothing but their not being dumpable protects them;
 * in the host's, they have more than it has. ptrace(2), "Ptrace access mode checking".
 */
@Requires({ROOT, JRUNC, PERL})
@Escape("CVE-2016-9962")
class ExecSpyIT {
    private static final String OWN = "^/bin/busybox|^/usr/bin/perl";
    private static final int IDS_FROM = 100_000;
    private static final int IDS = 65_536;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void processesOfExecAreNotSeenBeforeTheirProgramRuns(boolean userNamespace) {
        Container spy = spy(userNamespace);
        try (var library = new Library()) {
            ProcessSpec entering = library.process(Bundle.busybox().args("/bin/true"));
            try (var container = library.load(spy.id())) {
                for (int round = 0; round < Library.containers(); round++) {
                    library.exec(container, entering);
                }
            }
        }

        assertSawNothing(spy);
    }

    /**
     * As in a pod: processes that share the pid namespace see an init from its creation to its
     * start.
     */
    @Test
    void initOfAnotherContainerIsNotSeenBeforeItsProgramRuns() {
        Container spy = spy(true);
        try (var library = new Library()) {
            var bundle = Bundle.busybox().args("/bin/true").userNamespace(IDS_FROM, IDS);
            bundle.namespace("pid", "/proc/" + spy.pid() + "/ns/pid");
            bundle.namespace("user", "/proc/" + spy.pid() + "/ns/user");
            bundle.remove("/linux/uidMappings").remove("/linux/gidMappings");
            for (int round = 0; round < Library.containers() / 3; round++) {
                assertEquals(java.util.Optional.empty(), library.create(bundle, made -> {}));
            }
        }

        assertSawNothing(spy);
    }

    /** Init waits to be started, and exec starts another process. */
    @Test
    void initOfACreatedContainerIsNotOpenToProcessesOfExec() {
        Container container = bundle(true).create("true");

        Result look =
                container.exec(
                        "sh", "-c", "cat /proc/1/maps; readlink /proc/1/exe; ls /proc/1/fd; true");

        assertEquals("", look.output(), look::describe);
        assertTrue(look.stderr().contains("Permission denied"), look::describe);
    }

    private static Bundle bundle(boolean userNamespace) {
        var bundle = Bundle.busybox();
        String[] all = {
            "CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_SYS_ADMIN"
        };
        if (userNamespace) {
            bundle.userNamespace(IDS_FROM, IDS).capabilities(all);
        }
        return bundle;
    }

    private static Container spy(boolean userNamespace) {
        var bundle = bundle(userNamespace);
        return bundle.start(HostileScript.install(bundle, "spy.pl", OWN)).awaitOutput("ready");
    }

    private static void assertSawNothing(Container spy) {
        spy.kill("TERM").output();
        String report = spy.awaitOutput("refused").output();
        assertFalse(report.contains("GOT"), report);
        assertFalse(report.contains("seen 0 "), report); // else it was too slow to see anything
    }
}
