// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.seccomp;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import io.jrunc.it.harness.TinyProgram;
import io.jrunc.linux.Machine;
import io.jrunc.seccomp.profile.BundledProfile;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Actions, operators, flags and architectures. Source: runtime-spec config-linux.md#seccomp. */
@Requires(ROOT)
class SeccompRulesIT {
    private static final int KILLED_BY_SIGSYS = 128 + 31;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    // System calls by number: on x86-64, and the last one on i386.
    private static final int MKDIR = 83;
    private static final int GETRANDOM = 318;
    private static final int GETPID_X86 = 20;

    /** Allows everything but what these rules say. */
    private static Bundle with(String rules) {
        return Bundle.busybox()
                .json(
                        "/linux/seccomp",
                        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [" + rules + "]}");
    }

    private static Bundle onMkdir(String action) {
        return with("{\"names\": [\"mkdir\", \"mkdirat\"], \"action\": \"" + action + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS"})
    @Shows({
        "linux.seccomp.syscalls.action=SCMP_ACT_KILL",
        "linux.seccomp.syscalls.action=SCMP_ACT_KILL_THREAD",
        "linux.seccomp.syscalls.action=SCMP_ACT_KILL_PROCESS"
    })
    void killEndsTheProgram(String action) {
        Result run = onMkdir(action).run("mkdir", "/dev/shm/d");

        assertEquals(KILLED_BY_SIGSYS, run.status(), run::describe);
    }

    @Test
    @Shows("linux.seccomp.syscalls.action=SCMP_ACT_TRAP")
    void trapIsASignalThatCanBeCaught() {
        var bundle = with("{\"names\": [\"chdir\"], \"action\": \"SCMP_ACT_TRAP\"}");

        Result run = bundle.sh("trap 'echo caught' SYS; cd /tmp; echo still here");

        assertTrue(run.output().contains("caught"), run::describe);
        assertTrue(run.output().endsWith("still here"), run::describe);
    }

    @Test
    @Shows("linux.seccomp.syscalls.action=SCMP_ACT_TRACE")
    void traceWithoutATracerIsNoSuchCall() {
        onMkdir("SCMP_ACT_TRACE").run("mkdir", "/dev/shm/d").failsWith("Function not implemented");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCMP_ACT_LOG", "SCMP_ACT_ALLOW"})
    @Shows({
        "linux.seccomp.syscalls.action=SCMP_ACT_LOG",
        "linux.seccomp.syscalls.action=SCMP_ACT_ALLOW"
    })
    void logAndAllowLetTheCallBe(String action) throws IOException {
        var bundle = Bundle.busybox().seccomp(BundledProfile.DEFAULT);
        forget(bundle, "mkdir");
        bundle.run("mkdir", "/dev/shm/d").failsWith("Operation not permitted");

        bundle.add(
                "/linux/seccomp/syscalls",
                Json.parse("{\"names\": [\"mkdir\"], \"action\": \"" + action + "\"}"));

        assertEquals("d", bundle.sh("mkdir /dev/shm/d; ls /dev/shm").output());
    }

    @Test
    @Shows({"linux.seccomp.defaultAction", "linux.seccomp.defaultErrnoRet"})
    void callsWithoutARuleFailWithTheDefaultErrno() throws IOException {
        var bundle =
                Bundle.busybox()
                        .seccomp(BundledProfile.DEFAULT)
                        .set("/linux/seccomp/defaultErrnoRet", 25);
        forget(bundle, "mkdir");

        bundle.run("mkdir", "/dev/shm/d").failsWith("Not a tty|Inappropriate ioctl");
    }

    @Test
    @Shows("linux.seccomp.syscalls.errnoRet")
    void errnoOfZeroMakesTheCallSucceedWithoutHappening() {
        var bundle = onMkdir("SCMP_ACT_ERRNO");
        ((ObjectNode) bundle.config().at("/linux/seccomp/syscalls/0")).put("errnoRet", 0);

        assertEquals("0", bundle.sh("mkdir /dev/shm/d && ls /dev/shm | wc -l").output());
    }

    /** Which of the signals 12, 17 and 18 may still be sent. */
    @ParameterizedTest
    @CsvSource({
        "SCMP_CMP_NE, 17, 0, 17",
        "SCMP_CMP_LT, 17, 0, 17 18",
        "SCMP_CMP_LE, 17, 0, 18",
        "SCMP_CMP_EQ, 17, 0, 12 18",
        "SCMP_CMP_GE, 17, 0, 12",
        "SCMP_CMP_GT, 17, 0, 12 17",
        "SCMP_CMP_MASKED_EQ, 19, 17, 12 18",
        "SCMP_CMP_MASKED_EQ, 1, 0, 17"
    })
    @Shows({
        "linux.seccomp.syscalls.args.op=SCMP_CMP_NE",
        "linux.seccomp.syscalls.args.op=SCMP_CMP_LT",
        "linux.seccomp.syscalls.args.op=SCMP_CMP_LE",
        "linux.seccomp.syscalls.args.op=SCMP_CMP_EQ",
        "linux.seccomp.syscalls.args.op=SCMP_CMP_GE",
        "linux.seccomp.syscalls.args.op=SCMP_CMP_GT",
        "linux.seccomp.syscalls.args.op=SCMP_CMP_MASKED_EQ",
        "linux.seccomp.syscalls.args.value",
        "linux.seccomp.syscalls.args.valueTwo"
    })
    void operatorsCompareArguments(String operator, long value, long valueTwo, String allowed) {
        var bundle = onKill(condition(1, value, valueTwo, operator));

        assertEquals(allowed, bundle.sh(SEND_TO_SELF).output());
    }

    private static final String SEND_TO_SELF =
            "trap '' USR2 CHLD CONT; sent=;"
                    + " for s in 12 17 18; do kill -$s $$ 2>/dev/null && sent=\"$sent $s\"; done;"
                    + " echo $sent";

    private static Bundle onKill(String conditions) {
        return with(
                "{\"names\": [\"kill\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": ["
                        + conditions
                        + "]}");
    }

    private static String condition(int index, long value, long valueTwo, String operator) {
        return "{\"index\": %d, \"value\": %d, \"valueTwo\": %d, \"op\": \"%s\"}"
                .formatted(index, value, valueTwo, operator);
    }

    @Test
    @Shows("linux.seccomp.syscalls.args.index")
    void conditionsOnSeveralArgumentsMustAllHold() {
        var bundle =
                onKill(
                        condition(0, 1, 0, "SCMP_CMP_EQ")
                                + ","
                                + condition(1, 17, 0, "SCMP_CMP_EQ"));

        Result run = bundle.sh(SEND_TO_SELF + "; sleep 9 & kill -17 $! && echo another; kill $!");

        assertEquals(List.of("12 18", "another"), run.lines());
    }

    @Test
    @Shows("linux.seccomp.syscalls.args")
    void ofConditionsOnOneArgumentAnyMustHold() {
        var bundle =
                onKill(
                        condition(1, 12, 0, "SCMP_CMP_EQ")
                                + ","
                                + condition(1, 18, 0, "SCMP_CMP_EQ"));

        assertEquals("17", bundle.sh(SEND_TO_SELF).output());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"SECCOMP_FILTER_FLAG_TSYNC\"",
                "\"SECCOMP_FILTER_FLAG_LOG\"",
                "\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"",
                "\"SECCOMP_FILTER_FLAG_LOG\", \"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"",
            })
    @Shows({
        "linux.seccomp.flags=SECCOMP_FILTER_FLAG_TSYNC",
        "linux.seccomp.flags=SECCOMP_FILTER_FLAG_LOG",
        "linux.seccomp.flags=SECCOMP_FILTER_FLAG_SPEC_ALLOW"
    })
    void filterIsInForceWithEachFlag(String flags) {
        var bundle = onMkdir("SCMP_ACT_ERRNO").json("/linux/seccomp/flags", "[" + flags + "]");

        bundle.run("mkdir", "/dev/shm/d").failsWith("Operation not permitted");
    }

    @Test
    void unknownFlagIsRefused() {
        var bundle = onMkdir("SCMP_ACT_ERRNO").json("/linux/seccomp/flags", "[\"X_FLAG\"]");

        bundle.run("true").failsWith("X_FLAG");
    }

    @Test
    @Shows("linux.seccomp.architectures")
    void callsOfAnotherArchitectureKillUnlessItIsNamed() {
        assumeX86();
        var bundle = onMkdir("SCMP_ACT_ERRNO");
        bundle.bytes("/bin/getpid", TinyProgram.ofX86(GETPID_X86), "rwxr-xr-x");
        int unfiltered =
                Bundle.busybox()
                        .bytes("/bin/getpid", TinyProgram.ofX86(GETPID_X86), "rwxr-xr-x")
                        .run("/bin/getpid")
                        .status();
        assumeTrue(unfiltered == 0, "this kernel runs no 32-bit programs");

        assertEquals(KILLED_BY_SIGSYS, bundle.run("/bin/getpid").status());

        bundle.json("/linux/seccomp/architectures", "[\"SCMP_ARCH_X86\"]");
        assertEquals(0, bundle.run("/bin/getpid").status());
        bundle.run("mkdir", "/dev/shm/d").failsWith("Operation not permitted");
    }

    @Test
    void callsOfX32KillUnlessTheyAreNamed() {
        assumeX86();
        byte[] program = TinyProgram.of(0x4000_0000 | 39);
        var bundle = onMkdir("SCMP_ACT_ERRNO").bytes("/bin/getpid", program, "rwxr-xr-x");

        assertEquals(KILLED_BY_SIGSYS, bundle.run("/bin/getpid").status());

        bundle.json("/linux/seccomp/architectures", "[\"SCMP_ARCH_X32\"]");
        int status = bundle.run("/bin/getpid").status();
        assertTrue(status == 0 || status == ENOSYS, "the kernel's own answer, not " + status);
    }

    /** The C library of the program shall try an older call. */
    @Test
    void callsNewerThanTheProfileDoNotExist() {
        assumeX86();
        var bundle =
                Bundle.busybox()
                        .json(
                                "/linux/seccomp",
                                """
                                {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
                                  {"names": ["execve", "capset", "prctl", "setgroups", "exit_group",
                                    "setresuid", "setresgid"], "action": "SCMP_ACT_ALLOW"}]}
                                """);
        bundle.bytes("/bin/old", TinyProgram.of(MKDIR), "rwxr-xr-x");
        bundle.bytes("/bin/new", TinyProgram.of(GETRANDOM), "rwxr-xr-x");
        bundle.set("/process/noNewPrivileges", true);

        assertEquals(EPERM, bundle.run("/bin/old").status());
        assertEquals(ENOSYS, bundle.run("/bin/new").status());
    }

    private static void assumeX86() {
        assumeTrue(Machine.name().equals("x86_64"), "the program is for x86-64");
    }

    @Test
    void filterThatSaysNothingIsNone() {
        var bundle = Bundle.busybox().json("/linux/seccomp", "{\"defaultAction\": \"\"}");

        assertEquals("Seccomp:\t0", bundle.sh("grep Seccomp: /proc/self/status").output());
    }

    @Test
    void ruleThatDoesWhatIsDoneAnywayChangesNothing() {
        assertEquals("d", onMkdir("SCMP_ACT_ALLOW").sh("mkdir /dev/shm/d; ls /dev/shm").output());
    }

    @Test
    @Requires(JRUNC)
    void errnoOfAnActionWithoutOneIsRefused() {
        var bundle = onMkdir("SCMP_ACT_KILL");
        ((ObjectNode) bundle.config().at("/linux/seccomp/syscalls/0")).put("errnoRet", 1);

        bundle.run("true").failsWith("linux.seccomp.syscalls\\[0\\].errnoRet: 1 means nothing");
    }

    @Test
    @Requires(JRUNC)
    void debugLogNamesUnknownSystemCalls() {
        var bundle = with("{\"names\": [\"frobnicate\"], \"action\": \"SCMP_ACT_ERRNO\"}");
        bundle.args("true").write();

        Result run =
                Sandbox.current()
                        .runtime("--debug", "run", Sandbox.current().freshId())
                        .in(bundle.directory())
                        .run();

        assertEquals(0, run.status(), run::describe);
        assertTrue(run.stderr().contains("unknown system call frobnicate"), run::describe);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SCMP_ARCH_PARISC", "SCMP_ARCH_M68K", "SCMP_ARCH_SHEB", "SCMP_ARCH_S390"})
    void foreignArchitecturesMayBeNamed(String architecture) {
        assumeTrue(Program.isJrunc() || architecture.contains("S390"), "libseccomp 2.5 lacks it");
        var bundle = onMkdir("SCMP_ACT_ERRNO");
        bundle.json("/linux/seccomp/architectures", "[\"" + architecture + "\"]");

        bundle.run("mkdir", "/dev/shm/d").failsWith("Operation not permitted");
    }

    /** Takes a name out of all rules. */
    private static void forget(Bundle bundle, String name) {
        for (JsonNode rule : (ArrayNode) bundle.config().at("/linux/seccomp/syscalls")) {
            Iterator<JsonNode> names = rule.get("names").elements();
            while (names.hasNext()) {
                if (names.next().asText().equals(name)) {
                    names.remove();
                }
            }
        }
    }
}
