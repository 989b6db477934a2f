// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.failure;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.PERL;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Syscall;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The runtime itself runs under a filter, as in a container of another runtime, that refuses one of
 * the system calls which it makes: it does without, or names the call.
 */
@Requires({ROOT, JRUNC, PERL})
class RefusedCallsIT {
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int CLONE3 = Syscall.CLONE3.number();

    /** Without these no JVM starts, or, without unlinkat, nothing that was made can be removed. */
    private static final Set<String> OF_THE_JVM =
            Set.of(
                    "openat",
                    "read",
                    "write",
                    "close",
                    "execve",
                    "prctl",
                    "pread64",
                    "socket",
                    "sendmsg",
                    "recvmsg",
                    "exit_group",
                    "wait4",
                    "fcntl",
                    "getcwd",
                    "prlimit64",
                    "unlinkat",
                    "ioctl");

    /** What is done around the steps: processes, the state directory, the start. */
    private static final Set<String> NOT_EXPLAINED =
            Set.of(
                    "bind",
                    "close_range",
                    "connect",
                    "execveat",
                    "fchmod",
                    "flock",
                    "getrandom",
                    "memfd_create",
                    "pidfd_open",
                    "ppoll",
                    "renameat2",
                    "socketpair");

    private static final Set<String> SYSTEM_CALLS =
            Stream.of(Syscall.values()).map(Syscall::manualName).collect(Collectors.toSet());

    /** From here on calls came after the filters of older runtimes, which answer ENOSYS. */
    private static final int FIRST_NEW_CALL = 424;

    /** Loads a filter that answers a call with an error, and becomes the program. seccomp(2). */
    private static final String REFUSE =
            "my ($call, $errno) = splice(@ARGV, 0, 2);"
                    + " my $code = pack('SCCL SCCL SCCL SCCL', 0x20, 0, 0, 0, 0x15, 0, 1, $call,"
                    + " 6, 0, 0, 0x50000 | $errno, 6, 0, 0, 0x7fff0000);"
                    + " my $program = pack('SxxxxxxP', 4, $code);"
                    + " my $prctl = -e '/lib64/ld-linux-x86-64.so.2' ? 157 : 167;"
                    + " syscall($prctl, 22, 2, $program) == 0 or die $!; exec @ARGV or die $!";

    private static Invocation refusing(Invocation command, int call, int errno) {
        return command.under("perl", "-e", REFUSE, Integer.toString(call), Integer.toString(errno));
    }

    /** What explain says that a run of a container with most mechanisms would call. */
    static Set<String> calls() {
        Sandbox.open();
        try {
            String explained = rich().write().invoke("explain", "--syscalls").run().output();
            Set<String> calls = new TreeSet<>();
            var matcher = Pattern.compile("(?m)^ +[a-z]+ +([a-z0-9_]+)\\(").matcher(explained);
            while (matcher.find()) {
                calls.add(matcher.group(1));
            }
            calls.addAll(NOT_EXPLAINED);
            calls.removeAll(OF_THE_JVM);
            calls.removeIf(name -> !SYSTEM_CALLS.contains(name)); // what is asked of a process
            assertTrue(calls.containsAll(List.of("pivot_root", "capset")), calls::toString);
            return calls;
        } finally {
            Sandbox.current().close();
        }
    }

    private static Bundle rich() {
        return Bundle.busybox().args("echo", "hi").user(1000, 1000).capabilities("CAP_KILL");
    }

    @ParameterizedTest
    @MethodSource("calls")
    void callThatIsRefusedIsNamedOrNotNeeded(String name) {
        int number = Syscall.valueOf(name.toUpperCase(Locale.ROOT)).number();
        int errno = number < FIRST_NEW_CALL ? EPERM : ENOSYS;
        Invocation run = rich().write().invoke("run", Sandbox.current().freshId());

        Result result = refusing(run, number, errno).run();

        boolean ran = result.status() == 0 && result.stdout().equals("hi\n");
        boolean named =
                result.status() == 1
                        && result.stderr().contains(name)
                        && (result.stderr().contains(errno == EPERM ? "EPERM" : "ENOSYS")
                                || result.stderr().contains("errno " + errno));
        assertTrue(ran || named, () -> name + ": " + result.describe());
        assertEquals(List.of(), Sandbox.current().remains());
    }

    /**
     * What Docker's default profile answers where it does not know the namespaces that are asked
     * for.
     */
    @Test
    void cloneTakesThePlaceOfClone3() {
        Invocation run = rich().write().invoke("run", Sandbox.current().freshId());

        assertEquals("hi", refusing(run, CLONE3, ENOSYS).run().output());
    }
}
