// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.credentials.CapabilitySets;
import io.jrunc.credentials.GiveUpPrivileges;
import io.jrunc.linux.Arg;
import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.setup.ProgramSlots;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What init gives up, and the calls by which it becomes its program, in order. */
class ProgramStartTest {
    private static final int LAST_CAPABILITY = 5;
    private static final int ALONE = 0;
    private static final String KEPT = "{effective=0x200000, permitted=0x200000, inheritable=0x0}";
    private static final String NONE = "{effective=0x0, permitted=0x0, inheritable=0x0}";
    private static final String MOST_CALLS =
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"unshare\"],"
                    + " \"action\": \"SCMP_ACT_ERRNO\"}]}";
    private static final String ASKING =
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerPath\": \"/run/agent\","
                    + " \"syscalls\": [{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_NOTIFY\"}]}";

    private final RecordingKernel kernel = new RecordingKernel();
    private final SetupContext context = SetupContexts.of(kernel);

    private static Optional<Seccomp> seccomp(String json) {
        return SpecReader.readSeccomp(json.getBytes(StandardCharsets.UTF_8), "profile");
    }

    private static ProcessSpec process(boolean noNewPrivileges) {
        String json =
                """
                {
                  "cwd": "/",
                  "args": ["sh", "-c", "x"],
                  "env": ["A=b"],
                  "user": {"uid": 1000, "gid": 100, "umask": 7},
                  "noNewPrivileges": %s,
                  "capabilities": {"bounding": ["CAP_KILL"]},
                  "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 5, "hard": 10}]
                }
                """
                        .formatted(noNewPrivileges);
        return SpecReader.readProcess(json.getBytes(StandardCharsets.UTF_8), "process");
    }

    private void has(int effective, int permitted) {
        kernel.answer(
                "capget",
                call -> {
                    ((Arg.Out) call.args()[1]).buffer().putInt(0, effective).putInt(4, permitted);
                    return 0;
                });
    }

    private List<String> giveUp(ProcessSpec process, Optional<Seccomp> seccomp, long neighbours) {
        GiveUpPrivileges.of(process, seccomp, LAST_CAPABILITY, neighbours).apply(context);
        return kernel.calls();
    }

    private List<String> start(boolean noNewPrivileges, String profile) {
        ProgramSlots program = SetupContexts.of(kernel).program();
        program.setExecutable("/bin/sh");
        program.setHome("/home/web");
        ProgramStart.of(process(noNewPrivileges), seccomp(profile))
                .submit(kernel, program, List.of());
        return kernel.calls();
    }

    @Test
    void dropsTheBoundingSetBeforeTheUserAndTheRestAfterIt() {
        List<String> calls = giveUp(process(true), Optional.empty(), ALONE);

        assertEquals("umask(07)", calls.get(0));
        assertEquals(
                List.of(
                        "prctl(24, 0)",
                        "prctl(24, 1)",
                        "prctl(24, 2)",
                        "prctl(24, 3)",
                        "prctl(24, 4)"),
                kernel.calls("prctl(24"));
        int user = calls.indexOf("setresuid(1000, 1000, 1000)");
        assertTrue(calls.indexOf("prctl(24, 4)") < user, calls::toString);
        assertTrue(calls.indexOf("prctl(8, 1)") < user, calls::toString);
        assertTrue(user < calls.indexOf("prctl(8, 0)"), calls::toString);
        assertEquals(List.of("capset({version=3}, " + NONE + ")"), kernel.calls("capset"));
        assertEquals("prctl(4, 0)", calls.get(calls.size() - 1));
    }

    @Test
    void keepsOneCapabilityForAFilterThatTakesIt() {
        giveUp(process(false), seccomp(MOST_CALLS), ALONE);

        assertEquals(List.of("capset({version=3}, " + KEPT + ")"), kernel.calls("capset"));
    }

    @Test
    void keepsNoCapabilityForAFilterUnderNoNewPrivileges() {
        giveUp(process(true), seccomp(MOST_CALLS), ALONE);

        assertEquals(List.of("capset({version=3}, " + NONE + ")"), kernel.calls("capset"));
    }

    @Test
    void makesNoCallAfterTheFilterButExecve() {
        for (boolean noNewPrivileges : new boolean[] {true, false}) {
            List<String> calls = start(noNewPrivileges, MOST_CALLS);

            assertTrue(calls.get(calls.size() - 2).startsWith("seccomp(1, 4, {"), calls::toString);
            String exec = calls.get(calls.size() - 1);
            assertTrue(exec.startsWith("execve(\"/bin/sh\", "), exec);
            assertTrue(exec.contains("A=b") && exec.contains("HOME=/home/web"), exec);
        }
        assertEquals(List.of("prctl(38, 1, 0, 0, 0)"), kernel.calls("prctl(38"));
        assertEquals(2, kernel.calls("prlimit64(0, 7, {soft=5, hard=10}, 0)").size());
    }

    @Test
    void asksForTheListenerRightAfterTheFilter() {
        List<String> calls = start(true, ASKING);

        int load = calls.indexOf(kernel.calls("seccomp(1, 12, ").get(0));
        assertEquals("await_listener()", calls.get(load + 1));
        assertEquals(List.of(), kernel.calls("prctl(4, 1)"));
    }

    /** It will be dumpable, but has a capability that is none of its neighbours'. */
    @Test
    void isGuardedByACapabilityWhereTheRuntimeMayNotTraceIt() {
        has(0, -1); // permitted, not effective

        giveUp(process(true), seccomp(ASKING), CapabilityNames.bit("CAP_CHOWN"));

        String guarded = "permitted=0x2,"; // CAP_DAC_OVERRIDE: the lowest that neither set has
        assertTrue(
                kernel.calls("capset").get(0).contains(guarded), kernel.calls("capset")::toString);
    }

    @Test
    void needsNoGuardWhereTheRuntimeMayTraceIt() {
        has(-1, -1);

        giveUp(process(true), seccomp(ASKING), CapabilityNames.bit("CAP_SYS_PTRACE"));

        assertEquals(List.of("capset({version=3}, " + NONE + ")"), kernel.calls("capset"));
    }

    @Test
    void refusesAListenerThatANeighbourCouldTake() {
        GiveUpPrivileges step =
                GiveUpPrivileges.of(
                        process(true),
                        seccomp(ASKING),
                        LAST_CAPABILITY,
                        CapabilityNames.bit("CAP_SYS_PTRACE"));

        Failure failure = assertThrows(Failure.class, () -> step.apply(context));
        assertTrue(failure.getMessage().contains("CAP_SYS_PTRACE"), failure.getMessage());
    }

    @Test
    void confinesAHookAsItsProgram() {
        ProgramStart.of(process(true), seccomp(ASKING)).confineHook(kernel);

        List<String> calls = kernel.calls();
        assertEquals("prlimit64(0, 7, {soft=5, hard=10}, 0)", calls.get(0));
        assertEquals("prctl(38, 1, 0, 0, 0)", calls.get(1));
        assertTrue(calls.get(2).startsWith("seccomp(1, 4, {"), calls::toString); // no listener
        assertEquals(3, calls.size());
    }

    @Test
    void loadsTheFilterBeforeTheWaitWhereThatTakesACapability() {
        ProgramStart start = ProgramStart.of(process(false), seccomp(MOST_CALLS));

        ProgramStart left = loadEarly(start);

        assertTrue(kernel.calls().get(0).startsWith("seccomp(1, 4, {"));
        assertEquals("capset({version=3}, " + NONE + ")", kernel.calls().get(1));
        assertEquals(2, kernel.calls().size()); // each further one would have to be allowed
        assertTrue(left.filter().isEmpty());
    }

    /** Each of these is one that an init makes while it waits, or that cannot be loaded early. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept4",
                "close",
                "fcntl",
                "sendmsg",
                "recvmsg",
                "read",
                "mmap",
                "munmap",
                "capset",
                "prlimit64",
                "execve",
                "exit_group"
            })
    void loadsTheFilterLateThatForbidsWaiting(String call) {
        ProgramStart start =
                ProgramStart.of(process(false), seccomp(MOST_CALLS.replace("unshare", call)));

        assertEquals(start, loadEarly(start));
        assertEquals(List.of(), kernel.calls());
    }

    @Test
    void loadsTheFilterLateThatAsksOrThatTakesNoCapability() {
        ProgramStart asking = ProgramStart.of(process(false), seccomp(ASKING));
        ProgramStart unprivileged = ProgramStart.of(process(true), seccomp(MOST_CALLS));

        assertEquals(asking, loadEarly(asking));
        assertEquals(unprivileged, loadEarly(unprivileged));
        assertFalse(asking.filter().isEmpty());
    }

    private ProgramStart loadEarly(ProgramStart start) {
        CapabilitySets sets =
                CapabilitySets.of(start.process().capabilities().orElseThrow(), LAST_CAPABILITY);
        return start.loadFilterEarly(kernel, sets);
    }
}
