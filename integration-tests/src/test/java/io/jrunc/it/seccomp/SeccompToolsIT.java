// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.seccomp;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.seccomp.profile.BundledProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands about filters, by the real program, beside what the kernel does. */
@Requires({ROOT, JRUNC, SETPRIV})
class SeccompToolsIT {
    private static final String[] UNPRIVILEGED = OrdinaryUser.become("--no-new-privs");

    private static Result seccomp(Bundle bundle, String... arguments) {
        List<String> all = new ArrayList<>(List.of("seccomp"));
        all.addAll(List.of(arguments));
        return bundle.invoke(all).under(UNPRIVILEGED).run();
    }

    @Test
    void noneNeedsRoot() {
        Bundle bundle = Bundle.busybox().seccomp(BundledProfile.STRICT);

        JsonNode resolved = Json.parse(seccomp(bundle, "resolve", "default").output());
        Result shown = seccomp(bundle, "show");
        Result same = seccomp(bundle, "diff", "strict", ".");
        Result different = seccomp(bundle, "diff", "default", ".");

        assertEquals("SCMP_ACT_ERRNO", resolved.get("defaultAction").asText());
        assertTrue(shown.output().contains("any other architecture:"), shown::describe);
        assertEquals(0, same.status(), same::describe);
        assertEquals(1, different.status(), different::describe);
        assertTrue(different.stdout().contains("process_vm_readv"), different::describe);
    }

    @Test
    void resolvedProfileIsWhatAContainerRunsWith() {
        Bundle bundle = Bundle.busybox();
        bundle.json("/linux/seccomp", seccomp(bundle, "resolve", "strict").output());

        assertEquals("Seccomp:\t2", bundle.sh("grep Seccomp: /proc/self/status").output());
        bundle.run("busybox", "unshare", "-U", "true").failsWith("Operation not permitted");
    }

    @Test
    void answerIsWhatTheKernelDoes() {
        Bundle bundle = Bundle.busybox().seccomp(BundledProfile.DEFAULT).user(1000, 1000);

        String answer = seccomp(bundle, "check", "unshare", "0x10000000").output();

        assertTrue(answer.contains("  return ERRNO EPERM\n"), answer);
        assertTrue(answer.contains("  by the default action: ERRNO EPERM"), answer);
        bundle.run("busybox", "unshare", "-U", "true").failsWith("Operation not permitted");
    }

    @Test
    void filterOfARunningContainerIsKnown() {
        Bundle bundle = Bundle.busybox();
        bundle.json(
                "/linux/seccomp",
                """
                {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"],
                  "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
                """);
        Container container = bundle.start("sleep", "1000");
        bundle.remove("/linux/seccomp").write(); // later edits of the bundle do not count

        Result check =
                bundle.invoke("seccomp", "check", "--container", container.id(), "mkdirat").run();
        Result show = bundle.invoke("seccomp", "show", "--container", container.id()).run();

        assertTrue(check.output().contains("mkdir and 1 more: ERRNO EROFS"), check::describe);
        assertTrue(show.output().contains("    return ERRNO EROFS"), show::describe);
        container.exec("mkdir", "/dev/shm/d").failsWith("Read-only file system");
    }
}
