// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupFiles;
import io.jrunc.cgroup.stats.PressureStats;
import io.jrunc.cgroup.stats.PressureStats.Pressure;
import io.jrunc.cgroup.stats.PressureStats.Share;
import io.jrunc.linux.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How long processes wait. Source: kernel documentation, accounting/psi. */
public final class PressureFiles {
    private PressureFiles() {}

    /** Returns all of it. */
    public static PressureStats read(CgroupFiles files) {
        return new PressureStats(
                pressure(files, "cpu.pressure"),
                pressure(files, "memory.pressure"),
                pressure(files, "io.pressure"));
    }

    /** Lines {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=0}, and {@code full}. */
    private static Optional<Pressure> pressure(CgroupFiles files, String file) {
        Share some = null;
        Share full = Share.NONE;
        for (String line : files.lines(file)) {
            if (line.startsWith("some ")) {
                some = share(file, line);
            } else if (line.startsWith("full ")) {
                full = share(file, line);
            }
        }
        return some == null ? Optional.empty() : Optional.of(new Pressure(some, full));
    }

    private static Share share(String file, String line) {
        Map<String, String> values = new HashMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        try {
            return new Share(
                    Double.parseDouble(values.getOrDefault("avg10", "0")),
                    Double.parseDouble(values.getOrDefault("avg60", "0")),
                    Double.parseDouble(values.getOrDefault("avg300", "0")),
                    Long.parseUnsignedLong(values.getOrDefault("total", "0")));
        } catch (NumberFormatException e) {
            throw Failure.of(Failure.Code.CGROUP, file + ": \"" + line + "\" is not understood");
        }
    }
}
