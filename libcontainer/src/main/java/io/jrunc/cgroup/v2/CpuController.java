// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Errno;
import io.jrunc.spec.Cpu;
import java.util.List;
import java.util.Set;

/** {@code linux.resources.cpu} on v2. */
final class CpuController {
    private static final String BURST = "cpu.max.burst";
    private static final long DEFAULT_PERIOD_MICROS = 100_000;
    private static final long SHARES_MIN = 2;
    private static final long SHARES_MAX = 262_144;

    private CpuController() {}

    static void apply(CgroupDir dir, Cpu cpu) {
        if (cpu.idle().isPresent()) {
            dir.write("cpu.idle", Integer.toString(cpu.idle().getAsInt()));
        }
        if (cpu.shares().orElse(0) != 0) {
            dir.write("cpu.weight", Long.toString(weight(cpu.shares().getAsLong())));
        }
        // A burst may not exceed the quota: with a new one it may have to wait for it.
        String burst = cpu.burst().isPresent() ? Long.toString(cpu.burst().getAsLong()) : "";
        boolean burstLater = !burst.isEmpty() && !dir.attempt(BURST, burst, Errno.EINVAL);
        bandwidth(dir, cpu.quota().orElse(0), cpu.period().orElse(0));
        if (burstLater) {
            dir.write(BURST, burst);
        }
    }

    /** Adds the files that hold the limits of {@code cpu}, or set the same. */
    static void files(Set<String> files, Cpu cpu) {
        if (cpu.shares().orElse(0) != 0) {
            files.addAll(List.of("cpu.weight", "cpu.weight.nice", "cpu.idle"));
        }
        if (cpu.quota().orElse(0) != 0 || cpu.period().orElse(0) != 0) {
            files.add("cpu.max");
        }
        if (cpu.burst().isPresent()) {
            files.add(BURST);
        }
        if (cpu.idle().isPresent()) {
            files.add("cpu.idle");
        }
        if (cpu.idle().orElse(0) == 1) { // an idle cgroup has no weight
            files.addAll(List.of("cpu.weight", "cpu.weight.nice"));
        }
    }

    private static void bandwidth(CgroupDir dir, long quota, long period) {
        if (quota != 0 || period != 0) {
            String word = quota > 0 ? Long.toString(quota) : "max";
            dir.write("cpu.max", word + " " + (period > 0 ? period : DEFAULT_PERIOD_MICROS));
        }
    }

    /** So that 2 is 1, 1024 is 100 and 262144 is 10000, and what lies between is smooth. */
    static long weight(long shares) {
        if (shares <= SHARES_MIN) {
            return 1;
        }
        if (shares >= SHARES_MAX) {
            return 10_000;
        }
        double l = Math.log((double) shares) / Math.log(2);
        double exponent = (l * l + 125 * l) / 612.0 - 7.0 / 34.0;
        return (long) Math.ceil(Math.pow(10, exponent));
    }
}
