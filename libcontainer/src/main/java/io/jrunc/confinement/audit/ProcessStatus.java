// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import java.util.HashMap;
import java.util.Map;

/**
 * The kernel's status of a process. Source: /proc/PID/status, proc(5).
 *
 * @param noNewPrivileges whether the attribute is set
 * @param filtered whether system calls are filtered
 * @param bounding the bounding set of capabilities, a bit for each
 * @param permitted what it has, or can make effective at once
 */
public record ProcessStatus(
        boolean noNewPrivileges, boolean filtered, long bounding, long permitted) {
    private static final String STRICT_OR_FILTER = "[12]";

    /** Reads the text of the file. */
    public static ProcessStatus parse(String status) {
        Map<String, String> fields = new HashMap<>();
        for (String line : status.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return new ProcessStatus(
                fields.getOrDefault("NoNewPrivs", "0").equals("1"),
                fields.getOrDefault("Seccomp", "0").matches(STRICT_OR_FILTER),
                Long.parseUnsignedLong(fields.getOrDefault("CapBnd", "0"), 16),
                Long.parseUnsignedLong(fields.getOrDefault("CapPrm", "0"), 16));
    }
}
