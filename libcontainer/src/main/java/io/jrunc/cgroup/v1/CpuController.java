// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Cpu;

/** {@code linux.resources.cpu} on v1. Source: kernel documentation, scheduler/sched-bwc. */
final class CpuController {
    private static final String PERIOD = "cpu.cfs_period_us";
    private static final String BURST = "cpu.cfs_burst_us";
    private static final String REALTIME_PERIOD = "cpu.rt_period_us";

    private CpuController() {}

    static void apply(CgroupDir dir, Cpu cpu) {
        if (cpu.idle().isPresent()) {
            dir.write("cpu.idle", Integer.toString(cpu.idle().getAsInt()));
        }
        shares(dir, cpu.shares().orElse(0));
        bandwidth(dir, cpu);
        realtime(dir, cpu);
    }

    /** The kernel moves what is out of range into it, and says nothing. */
    private static void shares(CgroupDir dir, long shares) {
        if (shares == 0) {
            return;
        }
        dir.write("cpu.shares", Long.toString(shares));
        String taken = dir.read("cpu.shares");
        if (!taken.isEmpty() && Long.parseLong(taken) != shares) {
            String bound = Long.parseLong(taken) > shares ? "minimum" : "maximum";
            throw Failure.invalid(
                    "linux.resources.cpu.shares",
                    "the " + bound + " allowed cpu-shares is " + taken + ", not " + shares,
                    "write that");
        }
    }

    /** Neither period nor burst may be at odds with the quota that still is there. */
    private static void bandwidth(CgroupDir dir, Cpu cpu) {
        String period = word(cpu.period().orElse(0));
        String burst = cpu.burst().isPresent() ? Long.toString(cpu.burst().getAsLong()) : "";
        boolean periodLater = !period.isEmpty() && !dir.attempt(PERIOD, period, Errno.EINVAL);
        boolean burstLater = !burst.isEmpty() && !dir.attempt(BURST, burst, Errno.EINVAL);
        if (cpu.quota().orElse(0) != 0) {
            dir.write("cpu.cfs_quota_us", Long.toString(cpu.quota().getAsLong()));
        }
        if (periodLater) {
            dir.write(PERIOD, period);
        }
        if (burstLater) {
            dir.write(BURST, burst);
        }
    }

    private static void realtime(CgroupDir dir, Cpu cpu) {
        String period = word(cpu.realtimePeriod().orElse(0));
        boolean later = !period.isEmpty() && !dir.attempt(REALTIME_PERIOD, period, Errno.EINVAL);
        if (cpu.realtimeRuntime().orElse(0) != 0) {
            dir.write("cpu.rt_runtime_us", Long.toString(cpu.realtimeRuntime().getAsLong()));
        }
        if (later) {
            dir.write(REALTIME_PERIOD, period);
        }
    }

    /** Zero is how engines write "not set". */
    private static String word(long value) {
        return value == 0 ? "" : Long.toUnsignedString(value);
    }
}
