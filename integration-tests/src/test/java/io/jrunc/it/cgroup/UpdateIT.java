// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cgroup;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.DeviceProbe;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Source: runc's update(8). */
@Requires({ROOT, CGROUP_V1})
class UpdateIT {
    private static Bundle limited() {
        var bundle = Bundle.busybox().set("/linux/cgroupsPath", "/" + Sandbox.current().token());
        bundle.set("/linux/resources/memory/limit", 67108864);
        bundle.set("/linux/resources/cpu/shares", 100);
        bundle.set("/linux/resources/cpu/quota", 50000);
        bundle.set("/linux/resources/cpu/period", 100000);
        return bundle.set("/linux/resources/pids/limit", 30);
    }

    private static String file(String controller, String file) {
        Path cgroup = Path.of("/sys/fs/cgroup", controller, Sandbox.current().token());
        return Result.text(cgroup.resolve(controller + "." + file)).strip();
    }

    @ParameterizedTest
    @CsvSource({
        "--memory, 33554432, memory, limit_in_bytes, 33554432",
        "--memory, 32M, memory, limit_in_bytes, 33554432",
        "--memory, 32mb, memory, limit_in_bytes, 33554432",
        "--memory, -1, memory, limit_in_bytes, 9223372036854771712",
        "--memory-swap, 128m, memory, memsw.limit_in_bytes, 134217728",
        "--memory-reservation, 8m, memory, soft_limit_in_bytes, 8388608",
        "--cpu-share, 200, cpu, shares, 200",
        "--cpu-quota, 60000, cpu, cfs_quota_us, 60000",
        "--cpu-period, 200000, cpu, cfs_period_us, 200000",
        "--cpuset-cpus, 0, cpuset, cpus, 0",
        "--cpuset-mems, 0, cpuset, mems, 0",
        "--pids-limit, 10, pids, max, 10"
    })
    void limitIsChanged(
            String option, String value, String controller, String file, String expected) {
        Container container = limited().start("sleep", "60");

        container.update(option, value).output();

        assertEquals(expected, file(controller, file));
    }

    @Test
    void whatIsNotNamedStays() {
        Container container = limited().start("sleep", "60");

        container.update("--cpu-period", "200000").output();

        assertEquals("50000", file("cpu", "cfs_quota_us"));
        assertEquals("100", file("cpu", "shares"));
        assertEquals("67108864", file("memory", "limit_in_bytes"));
    }

    @Test
    @Requires(JRUNC) // runc 1.1 knows neither
    void burstAndIdleAreChanged() {
        Container container = limited().start("sleep", "60");

        container.update("--cpu-burst", "5000", "--cpu-idle", "1").output();

        assertEquals("5000", file("cpu", "cfs_burst_us"));
        assertEquals("1", file("cpu", "idle"));
    }

    @Test
    void limitsAreReadFromAFile() throws IOException {
        Container container = limited().start("sleep", "60");
        Path limits = Sandbox.current().freshFile("limits");
        Files.writeString(limits, "{\"pids\": {\"limit\": 12}, \"memory\": {\"limit\": 33554432}}");

        container.update("--resources", limits.toString()).output();

        assertEquals("12", file("pids", "max"));
        assertEquals("33554432", file("memory", "limit_in_bytes"));
    }

    @Test
    void limitsAreReadFromStandardInput() throws IOException {
        Container container = limited().start("sleep", "60");
        Path limits = Sandbox.current().freshFile("limits");
        Files.writeString(limits, "{\"pids\": {\"limit\": 13}}");

        Sandbox.current()
                .runtime("update", "--resources", "-", container.id())
                .input(limits)
                .run()
                .output();

        assertEquals("13", file("pids", "max"));
    }

    @Test
    @Requires(JRUNC) // runc leaves devices as they are
    void rulesAboutDevicesAreChanged() throws IOException {
        var bundle = DeviceProbe.rules().mount("/scratch", "tmpfs", "tmpfs");
        bundle.capabilities("CAP_MKNOD", "CAP_SYSLOG");
        Container container = bundle.start("sleep", "60");
        container.exec("mknod", "/scratch/k", "c", "1", "11").output();
        container.exec("sh", "-c", ": < /scratch/k").failsWith("not permitted");
        Path limits = Sandbox.current().freshFile("limits");
        Files.writeString(
                limits,
                "{\"devices\": [{\"allow\": false}, {\"allow\": true, \"type\": \"c\","
                        + " \"major\": 1, \"minor\": 11, \"access\": \"r\"}]}");

        container.update("--resources", limits.toString()).output();

        container.exec("sh", "-c", ": < /scratch/k").output();
        container.exec("sh", "-c", ": < /dev/null").output();
    }

    /** The kernel lists "everything", and not what is denied of it. */
    @Test
    @Requires(JRUNC)
    void whatWasDeniedOfEverythingIsAllowedAgain() throws IOException {
        String everything = "{\"allow\": true, \"access\": \"rwm\"}";
        String others = "{\"allow\": false, \"type\": \"c\", \"major\": 1, \"access\": \"r\"}";
        var bundle = DeviceProbe.rules(everything).mount("/scratch", "tmpfs", "tmpfs");
        bundle.capabilities("CAP_MKNOD", "CAP_SYSLOG");
        Container container = bundle.start("sleep", "60");
        container.exec("mknod", "/scratch/k", "c", "1", "11").output();
        container.exec("sh", "-c", ": < /scratch/k").output();
        Path limits = Sandbox.current().freshFile("limits");

        Files.writeString(limits, "{\"devices\": [" + everything + ", " + others + "]}");
        container.update("--resources", limits.toString()).output();
        container.exec("sh", "-c", ": < /scratch/k").failsWith("not permitted");

        Files.writeString(limits, "{\"devices\": [" + everything + "]}");
        container.update("--resources", limits.toString()).output();
        container.exec("sh", "-c", ": < /scratch/k").output();
    }

    @Test
    void laterUpdateKnowsTheEarlier() {
        Container container = limited().start("sleep", "60");

        container.update("--cpu-quota", "60000").output();
        container.update("--cpu-period", "200000").output();

        assertEquals("60000", file("cpu", "cfs_quota_us"));
    }

    @Test
    void createdAndPausedContainersMayBeChanged() {
        Container container = limited().create("sleep", "60");
        container.update("--pids-limit", "9").output();
        assertEquals("9", file("pids", "max"));

        container.start().output();
        container.pause().output();
        container.update("--pids-limit", "8").output();

        assertEquals("8", file("pids", "max"));
        assertEquals("paused", container.status());
    }

    @Test
    void stoppedContainerIsRefused() {
        Container container = limited().start("true");
        container.awaitEnd();

        container.update("--pids-limit", "9").failure();
    }

    @Test
    @Requires(JRUNC)
    void afterAFailureAllIsAsBefore() {
        Container container = limited().start("sleep", "60");

        container.update("--pids-limit", "9", "--cpuset-cpus", "999").failsWith("cpuset.cpus");

        assertEquals("30", file("pids", "max"));
        container.update("--cpu-share", "300").output();
        assertEquals("30", file("pids", "max"));
    }

    @ParameterizedTest
    @CsvSource({"--memory, lots", "--memory, -5", "--pids-limit, x", "--memory, 99999999999t"})
    void valueThatIsNoNumberIsRefused(String option, String value) {
        Container container = limited().start("sleep", "60");

        Result update = container.update(option, value);

        assertEquals(1, update.status(), update::describe);
        assertTrue(update.stderr().lines().count() >= 1, update::describe);
    }
}
