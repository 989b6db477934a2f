// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.seccomp;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.SeccompAgent;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.compile.FilterCompiler;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Annotations of crun that name a filter or its listener, and take --allow-annotation. ADR 19. */
@Requires({ROOT, JRUNC})
class SeccompAnnotationsIT {
    private static final String RECEIVER = "run.oci.seccomp.receiver";
    private static final String DATA = "run.oci.seccomp_bpf_data";
    private static final int ENOTTY = 25;
    private static final String NOT_A_TTY = "Not a tty|Inappropriate ioctl";

    private static Bundle notifying(String annotation, String listener) {
        return Bundle.busybox()
                .set("/annotations/" + annotation, listener)
                .json(
                        "/linux/seccomp",
                        """
                        {"defaultAction": "SCMP_ACT_ALLOW",
                         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_NOTIFY"}]}
                        """);
    }

    private static Result allowing(Bundle bundle, String annotation, String... words) {
        List<String> all = new ArrayList<>(List.of("--allow-annotation", annotation));
        all.addAll(List.of(words));
        return bundle.invoke(all).run();
    }

    /** A filter under which mkdir(2) fails with ENOTTY. */
    private static String filter(Action action) {
        OptionalInt error = action == Action.ERRNO ? OptionalInt.of(ENOTTY) : OptionalInt.empty();
        Seccomp profile =
                new Seccomp(
                        Action.ALLOW,
                        OptionalInt.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(
                                new SyscallRule(
                                        List.of("mkdir", "mkdirat"), action, error, List.of())));
        return Base64.getEncoder()
                .encodeToString(
                        FilterCompiler.compile(profile, Architecture.ofThisMachine())
                                .toBytes(ByteOrder.nativeOrder()));
    }

    @Test
    void receiverIsAskedByRunStartAndExec() {
        try (SeccompAgent agent = new SeccompAgent(number -> -ENOTTY)) {
            Bundle bundle =
                    notifying(RECEIVER, agent.path())
                            .args("sh", "-c", "mkdir /dev/shm/d; sleep 60");
            String id = Sandbox.current().freshId();

            allowing(bundle, RECEIVER, "create", id).output();
            assertEquals(List.of(), agent.states());
            allowing(bundle, RECEIVER, "start", id).output();
            allowing(bundle, RECEIVER, "exec", id, "mkdir", "/dev/shm/e").failsWith(NOT_A_TTY);
            allowing(
                            notifying(RECEIVER, agent.path()).args("mkdir", "/dev/shm/d"),
                            RECEIVER,
                            "run",
                            Sandbox.current().freshId())
                    .failsWith(NOT_A_TTY);

            assertEquals(3, agent.states().size());
        }
    }

    @Test
    void receiverThatTheCallerDoesNotAllowIsRefusedByEachCommand() {
        try (SeccompAgent agent = new SeccompAgent(number -> -ENOTTY)) {
            Bundle bundle = notifying(RECEIVER, agent.path()).args("sleep", "60");
            String id = Sandbox.current().freshId();
            String refusal =
                    "linux.seccomp.listenerPath: is missing.*--allow-annotation " + RECEIVER;

            bundle.invoke(List.of("create", id)).run().failsWith(refusal);
            assertTrue(!Sandbox.current().knows(id));
            allowing(bundle, RECEIVER, "create", id).output();
            Sandbox.current().runtime("start", id).run().failsWith(refusal);
            assertTrue(
                    Sandbox.current().runtime("state", id).run().output().contains("\"created\""));
            allowing(bundle, RECEIVER, "start", id).output();
            Result exec = Sandbox.current().runtime("exec", id, "true").run();

            assertEquals(255, exec.status(), exec::describe);
            assertTrue(exec.stderr().contains("--allow-annotation " + RECEIVER), exec::describe);

            assertEquals(1, agent.states().size());
        }
    }

    @Test
    void listenerOfTheSpecificationGoesFirst() {
        try (SeccompAgent own = new SeccompAgent(number -> -ENOTTY);
                SeccompAgent other = new SeccompAgent(number -> 0)) {
            Bundle bundle =
                    notifying(RECEIVER, other.path())
                            .set("/linux/seccomp/listenerPath", own.path())
                            .args("mkdir", "/dev/shm/d");

            allowing(bundle, RECEIVER, "run", Sandbox.current().freshId()).failsWith(NOT_A_TTY);

            assertEquals(List.of(), other.states());
        }
    }

    @Test
    void compiledFilterTakesThePlaceOfTheProfile() {
        Bundle bundle =
                Bundle.busybox()
                        .set("/annotations/" + DATA, filter(Action.ERRNO))
                        .json("/linux/seccomp", "{\"defaultAction\": \"SCMP_ACT_KILL\"}")
                        .args(
                                "sh",
                                "-c",
                                "mkdir /dev/shm/d; grep Seccomp: /proc/self/status; exec sleep 60");
        String id = Sandbox.current().freshId();

        Result run = allowing(bundle.args("mkdir", "/dev/shm/d"), DATA, "run", id);
        run.failsWith(NOT_A_TTY);

        String second = Sandbox.current().freshId();
        allowing(bundle.args("sleep", "60"), DATA, "run", "--detach", second).output();
        allowing(bundle, DATA, "exec", second, "mkdir", "/dev/shm/e").failsWith(NOT_A_TTY);
        assertTrue(
                allowing(bundle, DATA, "exec", second, "grep", "Seccomp:", "/proc/self/status")
                        .output()
                        .matches("Seccomp:\\s+2"));
    }

    @Test
    void compiledFilterThatTheCallerDoesNotAllowLeavesTheProfile() {
        Bundle bundle =
                Bundle.busybox()
                        .set("/annotations/" + DATA, filter(Action.ALLOW))
                        .json(
                                "/linux/seccomp",
                                """
                                {"defaultAction": "SCMP_ACT_ALLOW", "syscalls":
                                 [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 25}]}
                                """);

        Result run = bundle.run("mkdir", "/dev/shm/d");

        run.failsWith(NOT_A_TTY);
        assertTrue(run.stderr().contains("takes --allow-annotation " + DATA), run::describe);
    }

    @ParameterizedTest
    @CsvSource({
        "'',has 0 bytes",
        "AAAA,has 3 bytes",
        "%%%%,has 0 bytes",
        "NOTIFY,notifies a listener"
    })
    void whatIsNoFilterIsRefusedInOneSentence(String data, String problem) {
        String value = data.equals("NOTIFY") ? filter(Action.NOTIFY) : data;
        Bundle bundle = Bundle.busybox().set("/annotations/" + DATA, value).args("true");
        String id = Sandbox.current().freshId();

        Result run = allowing(bundle, DATA, "run", id);

        run.failsWith("annotations\\[.*" + DATA + ".*" + problem);
        assertEquals(1, run.stderr().lines().count(), run::describe);
        assertTrue(!Sandbox.current().knows(id));
    }
}
