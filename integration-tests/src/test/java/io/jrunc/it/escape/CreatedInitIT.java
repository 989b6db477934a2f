// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.PERL;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.X86;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.seccomp.profile.BundledProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A created container waits, perhaps for long, beside processes of others: those that share its pid
 * namespace, and those that exec brings in.
 */
@Requires({ROOT, JRUNC})
@Escape("created-init")
class CreatedInitIT {
    private static Bundle victim(boolean noNewPrivileges) {
        return Bundle.busybox()
                .seccomp(BundledProfile.DEFAULT)
                .set("/process/noNewPrivileges", noNewPrivileges);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hasExactlyTheRightsOfTheProgram(boolean noNewPrivileges) {
        Container container =
                victim(noNewPrivileges)
                        .user(1000, 100)
                        .capabilities("CAP_KILL")
                        .create("sleep", "60");
        long pid = container.pid();

        assertEquals("1000\t1000\t1000\t1000", Host.field(pid, "status", "Uid"));
        assertEquals("100\t100\t100\t100", Host.field(pid, "status", "Gid"));
        assertEquals("", Host.field(pid, "status", "Groups"));
        for (String set : new String[] {"CapPrm", "CapEff", "CapBnd"}) {
            assertEquals("0000000000000020", Host.field(pid, "status", set), set);
        }
        // Without no_new_privs the filter is loaded while there is the right to.
        assertEquals(noNewPrivileges ? "0" : "2", Host.field(pid, "status", "Seccomp"));

        container.start().output();
        assertEquals("2", Host.field(pid, "status", "Seccomp"));
    }

    /** What waiting needs is not allowed, so the filter comes late, and takes a capability. */
    @Test
    void keepsOneCapabilityIfItsFilterForbidsTheWait() {
        Bundle bundle = victim(false).capabilities("CAP_KILL");
        bundle.json(
                "/linux/seccomp",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"accept4\"],"
                        + " \"action\": \"SCMP_ACT_KILL_PROCESS\"}]}");
        Container container = bundle.create("sleep", "60");
        long pid = container.pid();

        assertEquals("0000000000200020", Host.field(pid, "status", "CapPrm"));
        assertEquals("0000000000000020", Host.field(pid, "status", "CapBnd"));

        container.start().output();
        assertEquals("0000000000000020", Host.field(pid, "status", "CapPrm"));
        assertEquals("2", Host.field(pid, "status", "Seccomp"));
    }

    /**
     * The kernel lets a process with CAP_SYS_PTRACE in the host's user namespace trace it; all that
     * it can be made to do is what the program could.
     */
    @Test
    @Requires({PERL, X86})
    void tracerGetsNothingThatItHadNot() {
        Container tracer = tracer("CAP_SYS_PTRACE");

        String report = attack(tracer);

        assertTrue(report.contains("traced "), report);
        assertFalse(report.contains("GOT"), report);
    }

    @Test
    @Requires({PERL, X86})
    void cannotBeTracedWithoutTheCapability() {
        Container tracer = tracer("CAP_KILL");

        String report = attack(tracer);

        assertTrue(report.contains("refused to trace"), report);
        assertTrue(report.contains("refused its memory"), report);
        assertFalse(report.contains("GOT"), report);
    }

    private static Container tracer(String capability) {
        Bundle bundle = Bundle.busybox().capabilities(capability);
        return bundle.start(HostileScript.install(bundle, "drive.pl")).awaitOutput("ready");
    }

    private static String attack(Container tracer) {
        Bundle victim = victim(true);
        victim.namespace("pid", "/proc/" + tracer.pid() + "/ns/pid");
        victim.create("sleep", "60");
        return tracer.awaitOutput("done").output();
    }
}
