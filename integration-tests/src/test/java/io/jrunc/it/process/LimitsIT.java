// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.process;

import static io.jrunc.it.harness.Feature.BASH;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.LIMITED_ROOT;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits, scores and system controls. Source: runtime-spec config.md#posix-process. */
@Requires(ROOT)
class LimitsIT {
    @ParameterizedTest
    @CsvSource({
        "RLIMIT_CPU, Max cpu time",
        "RLIMIT_FSIZE, Max file size",
        "RLIMIT_CORE, Max core file size",
        "RLIMIT_NPROC, Max processes",
        "RLIMIT_NOFILE, Max open files",
        "RLIMIT_MEMLOCK, Max locked memory",
        "RLIMIT_SIGPENDING, Max pending signals",
        "RLIMIT_RTTIME, Max realtime timeout"
    })
    @Shows({"process.rlimits.type", "process.rlimits.soft", "process.rlimits.hard"})
    void limitIsLowered(String type, String name) {
        var bundle = Bundle.busybox();
        bundle.json("/process/rlimits", limit(type, 700, 800));

        Result limits = bundle.sh("grep '^" + name + " ' /proc/self/limits");

        String words = limits.output().substring(name.length()).strip();
        assertEquals("700 800", words.replaceAll(" +", " ").replaceAll(" [a-z]+$", ""));
    }

    /** Limits that a program needs more of to run at all. */
    @ParameterizedTest
    @CsvSource({
        "RLIMIT_AS, Max address space, 700000000, 800000000",
        "RLIMIT_DATA, Max data size, 700000000, 800000000",
        "RLIMIT_STACK, Max stack size, 700000, 800000",
        "RLIMIT_RSS, Max resident set, 700, 800",
        "RLIMIT_LOCKS, Max file locks, 700, 800",
        "RLIMIT_MSGQUEUE, Max msgqueue size, 700, 800",
        "RLIMIT_NICE, Max nice priority, 0, 0",
        "RLIMIT_RTPRIO, Max realtime priority, 0, 0"
    })
    @Shows({"process.rlimits.type", "process.rlimits.soft", "process.rlimits.hard"})
    void limitOfAnyKindIsLowered(String type, String name, long soft, long hard) {
        var bundle = Bundle.busybox();
        bundle.json("/process/rlimits", limit(type, soft, hard));

        Result limits = bundle.sh("grep '^" + name + " ' /proc/self/limits");

        String words = limits.output().substring(name.length()).strip();
        assertEquals(soft + " " + hard, words.replaceAll(" +", " ").replaceAll(" [a-z]+$", ""));
    }

    /** A Java virtual machine raises the number of descriptors for itself. */
    @Test
    @Requires({BASH, JRUNC}) // runc raises it, too
    void limitThatIsNotNamedStaysTheCallers() {
        var bundle = Bundle.busybox().remove("/process/rlimits").args("sh", "-c", "ulimit -n");

        Result limit =
                bundle.invoke("run", Sandbox.current().freshId())
                        .under("bash", "-c", "ulimit -Sn 777; exec \"$@\"", "bash")
                        .run();

        assertEquals("777", limit.output());
    }

    @Test
    @Requires(LIMITED_ROOT)
    void raisingAboveTheHardLimitFailsWithTheReason() {
        var bundle = Bundle.busybox();
        bundle.json("/process/rlimits", limit("RLIMIT_NPROC", 10000000, 10000000));

        bundle.run("true").failsWith("RLIMIT_NPROC|type 6", "operation not permitted");
    }

    @Test
    void softLimitAboveTheHardOneIsRefused() {
        var bundle = Bundle.busybox();
        bundle.json("/process/rlimits", limit("RLIMIT_NOFILE", 800, 700));

        assertEquals(1, bundle.run("true").status());
    }

    @Test
    void unknownLimitIsRefused() {
        var bundle = Bundle.busybox();
        bundle.json("/process/rlimits", limit("RLIMIT_MOOD", 1, 1));

        bundle.run("true").failsWith("RLIMIT_MOOD");
    }

    @Test
    @Requires(JRUNC) // runc takes the last one
    void limitNamedTwiceIsRefused() {
        var bundle = Bundle.busybox();
        bundle.json("/process/rlimits", limit("RLIMIT_NOFILE", 70, 80));
        bundle.add("/process/rlimits", bundle.config().at("/process/rlimits/0"));

        bundle.run("true").failsWith("RLIMIT_NOFILE");
    }

    @Test
    @Shows("process.oomScoreAdj")
    void killScoreIsRaised() {
        var bundle = Bundle.busybox().set("/process/oomScoreAdj", 500);

        assertEquals("500", bundle.run("cat", "/proc/self/oom_score_adj").output());
    }

    @Test
    void killScoreThatIsNotNamedStaysTheCallers() {
        var bundle = Bundle.busybox().args("cat", "/proc/self/oom_score_adj");

        Result score =
                bundle.invoke("run", Sandbox.current().freshId())
                        .under("sh", "-c", "echo 300 > /proc/self/oom_score_adj; exec \"$@\"", "sh")
                        .run();

        assertEquals("300", score.output());
    }

    @Test
    @Requires(LIMITED_ROOT)
    void loweringTheKillScoreFailsWithTheReason() {
        var bundle = Bundle.busybox().set("/process/oomScoreAdj", -900);

        bundle.run("true").failsWith("(?i)oom_?score_?adj", "(?i)permission denied");
    }

    @Test
    void killScoreOutOfRangeIsRefused() {
        Bundle.busybox()
                .set("/process/oomScoreAdj", 5000)
                .run("true")
                .failsWith("(?i)oom_?score_?adj");
    }

    @ParameterizedTest
    @CsvSource({
        "net.ipv4.ip_forward, 1",
        "net/ipv4/ip_default_ttl, 33",
        "kernel.msgmax, 9000",
        "kernel.shm_rmid_forced, 1",
        "fs.mqueue.msg_max, 7"
    })
    @Shows("linux.sysctl")
    void systemControlIsSetInsideAlone(String key, String value) throws IOException {
        Path file = Path.of("/proc/sys", key.replace('.', '/'));
        String before = Files.readString(file);
        var bundle = Bundle.busybox();
        bundle.set("/linux/sysctl", Json.MAPPER.createObjectNode().put(key, value));

        assertEquals(value, bundle.run("cat", file.toString()).output());
        assertEquals(before, Files.readString(file));
    }

    @ParameterizedTest
    @CsvSource({"vm.swappiness", "kernel.panic", "fs.file-max", "kernel.hostname"})
    void systemControlOfTheHostIsRefused(String key) {
        var bundle = Bundle.busybox();
        bundle.set("/linux/sysctl", Json.MAPPER.createObjectNode().put(key, "1"));

        bundle.run("true").failsWith(key);
    }

    @ParameterizedTest
    @CsvSource({"net.ipv4.ip_forward, network", "kernel.msgmax, ipc"})
    void systemControlWithoutItsNamespaceIsRefused(String key, String namespace) {
        var bundle = Bundle.busybox().withoutNamespace(namespace);
        bundle.set("/linux/sysctl", Json.MAPPER.createObjectNode().put(key, "1"));

        bundle.run("true").failsWith(key);
    }

    /** A path does not make it another namespace. */
    @ParameterizedTest
    @Requires(JRUNC) // runc looks at the network namespace alone
    @CsvSource({
        "net.ipv4.ip_forward, network, net",
        "kernel.msgmax, ipc, ipc",
        "fs/mqueue/msg_max, ipc, ipc",
        "kernel.domainname, uts, uts"
    })
    void systemControlInTheRuntimesOwnNamespaceIsRefused(String key, String type, String file)
            throws IOException {
        Path control = Path.of("/proc/sys", key.replace('.', '/'));
        String before = Files.readString(control);
        var bundle = Bundle.busybox().namespace(type, "/proc/self/ns/" + file);
        bundle.remove("/hostname");
        bundle.set("/linux/sysctl", Json.MAPPER.createObjectNode().put(key, "1"));

        bundle.run("true").failsWith(key, "runtime's own");

        assertEquals(before, Files.readString(control));
    }

    @Test
    void systemControlThatDoesNotExistIsNamed() {
        var bundle = Bundle.busybox();
        bundle.json("/linux/sysctl", "{\"net.nosuch\": \"1\"}");

        bundle.run("true").failsWith("net[./]nosuch", "no such file or directory");
    }

    private static String limit(String type, long soft, long hard) {
        return "[{\"type\": \"%s\", \"soft\": %d, \"hard\": %d}]".formatted(type, soft, hard);
    }
}
