// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.seccomp;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.X86;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.JavaWorkload;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.TinyProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code jrunc seccomp record}: what it writes is enough for the program, and no more. */
@Requires({ROOT, JRUNC})
class SeccompRecordIT {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final int KILLED_BY_SIGSYS = 128 + 31;
    private static final String KILL = "SCMP_ACT_KILL_PROCESS";

    /** Calls that are in a profile although no program has made them. */
    private static final Set<String> IMPLIED = Set.of("rt_sigreturn", "restart_syscall");

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = Sandbox.current().freshFile("profile");
    }

    private Invocation recording(Bundle bundle, String... options) {
        List<String> arguments = new ArrayList<>(List.of("seccomp", "record"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--", "run", Sandbox.current().freshId()));
        return bundle.invoke(arguments);
    }

    private Result record(Bundle bundle) {
        return recording(bundle, "-o", file.toString()).run();
    }

    private ObjectNode profile() {
        return (ObjectNode) Json.parse(Result.text(file));
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        profile()
                .get("syscalls")
                .findValues("names")
                .forEach(list -> list.forEach(name -> names.add(name.asText())));
        return names;
    }

    private static Bundle filtered(Bundle bundle, JsonNode profile) {
        return bundle.set("/linux/seccomp", profile);
    }

    private static Bundle script(String script) {
        return Bundle.busybox().args("sh", "-c", script);
    }

    private static String[] args(Bundle bundle) {
        List<String> args = new ArrayList<>();
        bundle.config().at("/process/args").forEach(arg -> args.add(arg.asText()));
        return args.toArray(new String[0]);
    }

    /** Runs the bundle with the profile that was recorded, which answers the rest so. */
    private Result again(Bundle bundle, String defaultAction) {
        filtered(bundle, profile().put("defaultAction", defaultAction));
        return bundle.run(args(bundle));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void programRunsAgainWithWhatWasRecorded(boolean noNewPrivileges) {
        var bundle =
                script("mkdir /dev/shm/d; ls -l /proc/1/; (sleep 0.01 &); uname | cat; exit 3")
                        .user(1000, 1000)
                        .set("/process/noNewPrivileges", noNewPrivileges);

        Result recorded = record(bundle);

        assertEquals(3, recorded.status(), recorded::describe);
        assertEquals("SCMP_ACT_ERRNO", profile().get("defaultAction").asText());
        for (String action : List.of("SCMP_ACT_ERRNO", KILL)) {
            Result run = again(bundle, action);
            assertEquals(3, run.status(), run::describe);
            assertEquals(recorded.stdout().lines().count(), run.stdout().lines().count());
            assertEquals(recorded.stderr(), run.stderr());
        }
        // The runtime makes no other call under the filter, with no_new_privs and without.
        assertTrue(names().contains("execve"), () -> names().toString());
        assertFalse(names().contains("capset"), () -> names().toString());
    }

    /** A call that is removed from the profile kills the program. */
    @Test
    void nothingRecordedCanBeLeftOut() {
        var bundle = script("mkdir /dev/shm/d && : > /dev/shm/d/f && ls /dev/shm/d");
        assertEquals("f", record(bundle).output());
        ObjectNode all = profile().put("defaultAction", KILL);
        // So that no call is newer than all that are named, and so denied in another way.
        all.withArray("syscalls")
                .add(Json.parse("{\"names\": [\"mseal\"], \"action\": \"SCMP_ACT_ERRNO\"}"));
        filtered(bundle, all);
        assertEquals("f", bundle.run(args(bundle)).output());
        List<JsonNode> lesser = withoutOneEach(all);
        assertTrue(lesser.size() > 10, () -> all.toPrettyString());

        for (JsonNode one : lesser) {
            filtered(bundle, one);
            Result run = bundle.run(args(bundle));

            assertTrue(
                    run.status() == KILLED_BY_SIGSYS
                            || run.stderr().contains("Bad system call")
                            || run.stderr().contains("ended before it became the program"),
                    () -> run.describe() + one.toPrettyString());
        }
    }

    /** The profile with one name less, or one rule with an argument less, in turn. */
    private static List<JsonNode> withoutOneEach(ObjectNode all) {
        List<JsonNode> lesser = new ArrayList<>();
        ArrayNode rules = (ArrayNode) all.get("syscalls");
        for (int i = 0; i < rules.size() - 1; i++) {
            ArrayNode names = (ArrayNode) rules.get(i).get("names");
            for (int j = 0; j < names.size(); j++) {
                if (!IMPLIED.contains(names.get(j).asText())) {
                    ObjectNode one = all.deepCopy();
                    ((ArrayNode) one.get("syscalls").get(i).get("names")).remove(j);
                    if (names.size() == 1) {
                        ((ArrayNode) one.get("syscalls")).remove(i);
                    }
                    lesser.add(one);
                }
            }
        }
        return lesser;
    }

    /** The kernel continues by restart_syscall(2) what was frozen in the middle. */
    @Test
    @Requires(CGROUP_V1)
    void containerMayBePausedThoughItWasNotWhenItWasRecorded() {
        var bundle = script("echo up; sleep 2 && echo slept");
        assertEquals("up\nslept", record(bundle).output());
        assertTrue(names().containsAll(IMPLIED), names()::toString);
        filtered(bundle, profile());

        Container container = bundle.start(args(bundle));
        container.awaitOutput("up");
        assertEquals(0, container.pause().status());
        assertEquals(0, container.resume().status());

        container.awaitOutput("slept");
    }

    @Test
    void javaRunsAgainWithWhatWasRecorded() throws IOException {
        var bundle = Bundle.busybox().java(JavaWorkload.class);
        bundle.args(
                "/jdk/bin/java",
                "-XX:+UseSerialGC",
                "-cp",
                "/classes",
                JavaWorkload.class.getName());

        Result recorded = record(bundle);

        assertEquals(JavaWorkload.DONE, recorded.output());
        assertEquals(JavaWorkload.DONE, again(bundle, "SCMP_ACT_ERRNO").output());
        // Threads that meet make calls which they do not make otherwise: sched_yield(2).
        Result run = again(bundle, KILL);
        for (int i = 0; i < 10 && run.status() == KILLED_BY_SIGSYS; i++) {
            bundle.remove("/linux/seccomp");
            recording(bundle, "--merge", "-o", file.toString()).run().output();
            run = again(bundle, KILL);
        }
        assertEquals(JavaWorkload.DONE, run.output());
    }

    /** Whatever exec brings into the container is recorded, too; and signals arrive. */
    @Test
    void serverAndItsVisitorsRunAgainWithWhatWasRecorded() {
        var bundle =
                script("mkdir /tmp/w; echo page > /tmp/w/p; busybox httpd -f -h /tmp/w -p 80")
                        .file("/etc/hosts", "127.0.0.1 localhost\n");
        bundle.mount("/tmp", "tmpfs", "tmpfs");
        Container container = bundle.container();
        List<String> command = List.of("seccomp", "record", "-o", file.toString());
        visit(bundle, container, command);

        assertTrue(names().containsAll(Set.of("socket", "bind", "listen", "connect")));
        filtered(bundle, profile().put("defaultAction", KILL));
        visit(bundle, bundle.container(), List.of());
    }

    /** Visits until it is served: a visitor that need not wait makes fewer calls. */
    private static void visit(Bundle bundle, Container container, List<String> recorder) {
        List<String> command = new ArrayList<>(recorder);
        if (!recorder.isEmpty()) {
            command.add("--");
        }
        command.addAll(List.of("run", container.id()));
        Invocation.Running run = bundle.invoke(command).start();
        String[] get = {"busybox", "wget", "-q", "-O", "-", "http://127.0.0.1/p"};
        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () ->
                                run.process().isAlive()
                                        && Sandbox.current().knows(container.id())
                                        && container.state().status() == 0
                                        && container.status().equals("running")
                                        && container.exec(get).stdout().equals("page\n")),
                () -> run.soFar().describe());
        assertEquals(0, container.kill("KILL").status());
        Result end = run.await();
        assertEquals(128 + 9, end.status(), end::describe);
        assertEquals("", end.stderr());
    }

    @Test
    void signalsReachTheProgramAndItsStatusTheCaller() {
        var bundle = script("trap 'exit 7' TERM; echo up; while :; do sleep 0.1; done");
        Invocation.Running run = recording(bundle, "-o", file.toString()).start();
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> run.soFar().stdout().contains("up")));
        assertTrue(Host.becomes(PATIENCE_MILLIS, run::takesSignals));

        run.process().destroy(); // SIGTERM, to the launcher

        assertEquals(7, run.await().status());
        assertTrue(names().contains("rt_sigreturn"));
    }

    /** Java gives up some seconds after its launcher is gone, but here that has only hung up. */
    @Test
    void containerMayRunForLong() {
        assertEquals("", record(script("sleep 8; chmod 0 /; true")).output());

        assertTrue(names().contains("chmod"));
    }

    @Test
    @Requires(X86)
    void callsOfOtherArchitecturesAreRecorded() {
        int getpid = 20;
        var bundle = Bundle.busybox().bytes("/bin/p", TinyProgram.ofX86(getpid), "rwxr-xr-x");
        bundle.args("p");

        assertEquals("", record(bundle).output());

        assertEquals(
                "[\"SCMP_ARCH_X86\",\"SCMP_ARCH_X86_64\"]",
                profile().get("architectures").toString());
        assertEquals(Set.of("execve", "exit_group", "getpid"), names());
        assertEquals("", again(bundle, KILL).output());
    }

    @Test
    void argumentsThatChooseADoorAreRecorded() {
        assertEquals("", record(script("ifconfig lo > /dev/null")).output());
        JsonNode socket = null;
        for (JsonNode rule : profile().get("syscalls")) {
            if (rule.get("names").toString().equals("[\"socket\"]")) {
                assertEquals(null, socket, "one family was asked for");
                socket = rule;
            }
        }
        assertEquals(2, socket.at("/args/0/valueTwo").asInt(), "AF_INET");

        var bundle = filtered(script("ifconfig lo > /dev/null"), profile());
        assertEquals("", bundle.run(args(bundle)).output());
        bundle.args("ip", "link"); // asks by AF_NETLINK
        assertNotEquals(0, bundle.run(args(bundle)).status());
    }

    @Test
    void recordingsAddUp() {
        assertEquals("", record(script("mkdir /dev/shm/d")).output());
        Set<String> first = names();
        assertFalse(first.contains("symlink") || first.contains("symlinkat"));

        var second = script("ln -s a /dev/shm/l");
        assertEquals(0, recording(second, "--merge", "-o", file.toString()).run().status());

        Set<String> both = names();
        assertTrue(both.containsAll(first) && both.size() > first.size(), both::toString);
        assertEquals("", again(script("mkdir /dev/shm/d"), KILL).output());
        assertEquals("", again(second, KILL).output());
    }

    @Test
    void whatIsNoRecordingIsNotAddedTo() throws IOException {
        Files.writeString(
                file,
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\","
                        + " \"syscalls\": [{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_ERRNO\"}]}");
        String before = Result.text(file);

        recording(script("true"), "--merge", "-o", file.toString())
                .run()
                .failsWith("is no recording: its defaultAction is SCMP_ACT_ALLOW; leave out");

        assertEquals(before, Result.text(file));
    }

    @Test
    void programThatCannotBeRunLeavesNoProfile() {
        recording(Bundle.busybox().args("/no/such/program"), "-o", file.toString())
                .run()
                .failsWith("/no/such/program");
        assertFalse(Files.exists(file));
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @Test
    void profileThatCannotBeWrittenIsReportedBeforeTheContainerRuns() {
        recording(script("echo ran"), "-o", "/no/such/directory/p")
                .run()
                .failsWith("/no/such/directory/: ENOENT");
        recording(script("echo ran"), "-o", "/dev/null").run().failsWith("is no plain file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seccomp record -o p -- exec x true|exec.* cannot be recorded",
                "seccomp record -- run x|--output is missing; say where",
                "seccomp record -o p -- run --detach x|--detach: a recording ends with",
                "seccomp record --denied -o p -- run x|--denied writes no profile",
                "seccomp record --denied -- run x|linux.seccomp: is missing"
            })
    void misuseIsReported(String line) {
        String[] parts = line.split("\\|", -1);

        Bundle.busybox().invoke(parts[0].split(" ", -1)).run().failsWith(parts[1]);
    }

    @Test
    void profileOfTheBundleIsSaidToBeIgnored() {
        var bundle = script("mkdir /dev/shm/d").json("/linux/seccomp", denying("mkdir", "ERRNO"));

        Result run = record(bundle);

        assertEquals(0, run.status(), run::describe);
        assertTrue(run.stderr().contains("linux.seccomp: not in force while"), run::describe);
    }

    private static String denying(String call, String action) {
        return """
               {"defaultAction": "SCMP_ACT_ALLOW",
                "syscalls": [{"names": ["getcwd"], "action": "SCMP_ACT_LOG"},
                             {"names": ["%s"], "action": "SCMP_ACT_%s"}]}
               """
                .formatted(call, action);
    }

    @Test
    void deniedCallsAreReportedWithTheRuleThatDeniesThem() {
        var bundle = script("mkdir /dev/shm/d; mkdir /dev/shm/d; cd /; pwd");
        bundle.json("/linux/seccomp", denying("mkdir", "ERRNO"));

        Result run = recording(bundle, "--denied").run();

        assertEquals("/", run.output());
        assertTrue(run.stderr().contains("Operation not permitted"), run::describe);
        assertTrue(
                run.stderr()
                        .matches(
                                "(?s).*denied: mkdir\\(0x[0-9a-f]+, 0x1ff, .*\\) by pid \\d+"
                                        + " \\(mkdir\\): linux.seccomp.syscalls\\[1\\] \\(mkdir\\):"
                                        + " SCMP_ACT_ERRNO EPERM \\(the first of 2\\).*"),
                run::describe);
    }

    @Test
    void killByTheProfileIsReportedWithTheReason() {
        var bundle = Bundle.busybox().args("mkdir", "/dev/shm/d");
        bundle.json("/linux/seccomp", denying("mkdir", "KILL_PROCESS"));

        Result run = recording(bundle, "--denied").run();

        assertEquals(128 + 9, run.status(), run::describe);
        assertTrue(
                run.stderr().contains("linux.seccomp.syscalls[1] (mkdir): " + KILL), run::describe);
    }
}
