// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.seccomp;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.SeccompAgent;
import io.jrunc.it.harness.Shows;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Machine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SCMP_ACT_NOTIFY. Source: runtime-spec config-linux.md#seccomp, #containerprocessstate. */
@Requires(ROOT)
class SeccompNotifyIT {
    private static final boolean ARM64 = Machine.name().equals("aarch64");
    private static final int EXECVE = ARM64 ? 221 : 59;
    private static final int MKDIRAT = ARM64 ? 34 : 258;
    private static final int MKDIR = ARM64 ? MKDIRAT : 83;
    private static final int ENOTTY = -25;
    private static final String MKDIRS = "\"mkdir\", \"mkdirat\"";

    private static int fail(int number) {
        return number == MKDIR || number == MKDIRAT ? ENOTTY : SeccompAgent.CONTINUE;
    }

    private static Bundle asking(SeccompAgent agent, String names) {
        return asking(agent.path(), names);
    }

    private static Bundle asking(String listener, String names) {
        return Bundle.busybox()
                .json(
                        "/linux/seccomp",
                        """
                        {"defaultAction": "SCMP_ACT_ALLOW",
                         "listenerPath": "%s",
                         "listenerMetadata": "owner = me",
                         "syscalls": [{"names": [%s], "action": "SCMP_ACT_NOTIFY"}]}
                        """
                                .formatted(listener, names));
    }

    @Test
    @Shows({
        "linux.seccomp.syscalls.action=SCMP_ACT_NOTIFY",
        "linux.seccomp.listenerPath",
        "linux.seccomp.listenerMetadata"
    })
    void listenerDecidesAndReceivesTheProcess() {
        try (SeccompAgent agent = new SeccompAgent(SeccompNotifyIT::fail)) {
            var bundle = asking(agent, MKDIRS).set("/annotations/color", "blue");

            bundle.run("mkdir", "/dev/shm/d").failsWith("Not a tty|Inappropriate ioctl");

            assertEquals(
                    1, agent.numbers().stream().filter(n -> n == MKDIR || n == MKDIRAT).count());
            JsonNode received = agent.states().get(0);
            assertEquals("[\"seccompFd\"]", received.get("fds").toString());
            assertEquals("owner = me", received.get("metadata").asText());
            assertTrue(received.get("ociVersion").asText().startsWith("1."));
            JsonNode state = received.get("state");
            assertEquals("creating", state.get("status").asText());
            assertEquals(bundle.directory().toString(), state.get("bundle").asText());
            assertEquals("blue", state.get("annotations").get("color").asText());
            assertEquals(received.get("pid"), state.get("pid"));
            assertTrue(state.get("id").asText().startsWith(Sandbox.current().token()));
            assertEquals(1, agent.states().size());
        }
    }

    @Test
    void callThatTheListenerOnlyClaimsToHaveMadeSucceeds() {
        try (SeccompAgent agent =
                new SeccompAgent(n -> n == MKDIR || n == MKDIRAT ? 0 : SeccompAgent.CONTINUE)) {
            Result run = asking(agent, MKDIRS).sh("mkdir /dev/shm/d && ls /dev/shm | wc -l");

            assertEquals("0", run.output());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void listenerOfACreatedContainerIsConnectedAtStart(boolean noNewPrivileges) {
        try (SeccompAgent agent = new SeccompAgent(SeccompNotifyIT::fail)) {
            var bundle = asking(agent, MKDIRS).set("/process/noNewPrivileges", noNewPrivileges);
            Container container =
                    bundle.create("sh", "-c", "mkdir /dev/shm/d 2>/dev/null || echo no; sleep 9");
            long pid = container.pid();
            if (Program.isJrunc()) {
                assertEquals(List.of(), agent.states());
            }

            assertEquals("", container.start().output());

            container.awaitOutput("no\n");
            assertEquals(pid, agent.states().get(0).get("pid").asLong());
            assertEquals(1, agent.states().size());
            assertEquals("Seccomp:\t2", "Seccomp:\t" + Host.field(pid, "status", "Seccomp"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void listenerReceivesCallsOfAnUnprivilegedUser(boolean noNewPrivileges) {
        try (SeccompAgent agent = new SeccompAgent(SeccompNotifyIT::fail)) {
            var bundle = asking(agent, MKDIRS).user(1000, 1000);
            bundle.set("/process/noNewPrivileges", noNewPrivileges);

            bundle.run("mkdir", "/dev/shm/d").failsWith("Not a tty|Inappropriate ioctl");
        }
    }

    @Test
    void listenerReceivesCallsOfAUserNamespace() {
        try (SeccompAgent agent = new SeccompAgent(SeccompNotifyIT::fail)) {
            var bundle = asking(agent, MKDIRS).userNamespace(100000, 65536).user(1000, 1000);

            bundle.run("mkdir", "/dev/shm/d").failsWith("Not a tty|Inappropriate ioctl");
        }
    }

    /** Calls that the runtime itself makes late, or would make to hand the descriptor over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"execve\"",
                "\"close\", \"sendmsg\", \"sendto\", \"connect\", \"fcntl\"",
                "\"recvmsg\", \"read\", \"mmap\", \"munmap\", \"brk\"",
                "\"setresuid\", \"setgroups\", \"capset\", \"prctl\""
            })
    @Requires(JRUNC)
    void listenerMayReceiveAnyCall(String names) {
        for (boolean noNewPrivileges : new boolean[] {true, false}) {
            try (SeccompAgent agent = new SeccompAgent(n -> SeccompAgent.CONTINUE)) {
                var bundle = asking(agent, names).set("/process/noNewPrivileges", noNewPrivileges);

                assertEquals("hi", bundle.run("echo", "hi").output());
                assertEquals(1, agent.states().size());
            }
        }
    }

    /** runc refuses these two: its init must write. */
    @Test
    @Requires(JRUNC)
    @Shows("linux.seccomp.defaultAction=SCMP_ACT_NOTIFY")
    void listenerMayReceiveWritesAndAllCalls() {
        try (SeccompAgent agent = new SeccompAgent(n -> SeccompAgent.CONTINUE)) {
            assertEquals("hi", asking(agent, "\"write\"").run("echo", "hi").output());

            var everything = asking(agent, "\"write\"");
            everything.set("/linux/seccomp/defaultAction", "SCMP_ACT_NOTIFY");
            everything.remove("/linux/seccomp/syscalls");
            assertEquals("hi", everything.start("echo", "hi").awaitEnd().output().strip());
            assertTrue(agent.numbers().contains(EXECVE), () -> agent.numbers().toString());
        }
    }

    /** Nothing but execve need be allowed for the sake of the runtime. */
    @Test
    @Requires(JRUNC)
    void profileNeedsNoCallsForTheHandOver() {
        try (SeccompAgent agent = new SeccompAgent(n -> SeccompAgent.CONTINUE)) {
            var bundle = asking(agent, "\"mkdir\"").user(1000, 1000);
            bundle.set("/linux/seccomp/defaultAction", "SCMP_ACT_KILL_PROCESS");
            bundle.add(
                    "/linux/seccomp/syscalls",
                    Json.parse("{\"names\": [\"execve\"], \"action\": \"SCMP_ACT_ALLOW\"}"));

            Result run = bundle.run("true");

            assertEquals(128 + 31, run.status(), run::describe); // the program itself needs more
            assertEquals(1, agent.states().size());
        }
    }

    @Test
    void callsFailWhenTheListenerIsGone() {
        Container container;
        try (SeccompAgent agent = new SeccompAgent(SeccompNotifyIT::fail)) {
            container =
                    asking(agent, MKDIRS)
                            .start("sh", "-c", "echo up; sleep 1; mkdir /dev/shm/d 2>&1");
            container.awaitOutput("up");
        }

        assertTrue(container.awaitEnd().output().contains("Function not implemented"));
    }

    @Test
    @Shows("linux.seccomp.flags=SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")
    void signalsCannotTakeBackWhatTheListenerHasReceived() {
        assertEquals(1, notificationsOfOneCall("\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\""));
        assertEquals(
                1,
                notificationsOfOneCall(
                        "\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\","
                                + " \"SECCOMP_FILTER_FLAG_TSYNC\""));
        assertEquals(2, notificationsOfOneCall(""), "so the flag does make a difference");
    }

    /** Counts the notifications of a chdir(2) during which a signal with a handler arrives. */
    private static long notificationsOfOneCall(String flags) {
        try (SeccompAgent agent =
                new SeccompAgent(
                        number -> {
                            Host.pause(400);
                            return SeccompAgent.CONTINUE;
                        })) {
            var bundle = asking(agent, "\"chdir\"");
            bundle.json("/linux/seccomp/flags", "[" + flags + "]");
            bundle.set("/process/noNewPrivileges", true);

            bundle.sh("trap 'true' USR1; (sleep 0.2; kill -USR1 1) & cd /tmp || cd /tmp; wait");

            return agent.numbers().size();
        }
    }

    @Test
    void listenerThatIsNotThereFailsTheRun() {
        asking("/no/such/agent", MKDIRS)
                .run("true")
                .failsWith("linux.seccomp.listenerPath.*/no/such/agent|/no/such/agent");
        assertEquals(List.of(), Sandbox.current().remains());
    }

    /** It may come later: the container stays created. */
    @Test
    @Requires(JRUNC)
    void listenerThatIsNotThereFailsTheStart() {
        String path = Sandbox.current().freshFile("agent").toString();
        Container container = asking(path, MKDIRS).create("true");

        container.start().failsWith("linux.seccomp.listenerPath: connect " + path + ": ENOENT");

        assertEquals("created", container.status());
    }

    @Test
    void listenerWithoutNotificationsIsIgnored() {
        var bundle = asking("/no/such/agent", "\"mkdir\"");
        ((ObjectNode) bundle.config().at("/linux/seccomp/syscalls/0"))
                .put("action", "SCMP_ACT_ERRNO");

        assertEquals(0, bundle.run("true").status());
    }

    @Test
    void notificationsWithoutListenerAreRefused() {
        var bundle = asking("/x", MKDIRS).remove("/linux/seccomp/listenerPath");
        bundle.remove("/linux/seccomp/listenerMetadata");

        bundle.run("true").failsWith("(?i)listenerPath");
    }

    @Test
    @Requires(JRUNC)
    void programThatCannotRunIsReportedDespiteAListener() {
        try (SeccompAgent agent = new SeccompAgent(n -> -Errno.EPERM.number())) {
            asking(agent, "\"execve\"").run("true").failsWith("execve.*operation not permitted");
        }
        assertFalse(Sandbox.current().remains().stream().anyMatch(r -> r.startsWith("process")));
    }
}
