// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cgroup.stats.CgroupStats;
import java.util.ArrayList;
import java.util.List;

/**
 * A table about one container that grows while time passes: all lines have columns of the same
 * width, whatever is in those that follow.
 */
final class UsageTable {
    private static final String GAP = "  ";
    private static final int WIDTH = 9;

    private final Measurements measurements = new Measurements();

    /** Returns the line above the others; its first cell is {@code first}. */
    String header(String first) {
        return line(first, UsageColumns.names());
    }

    /** Returns the line of a measurement. */
    String line(String first, CgroupStats stats) {
        Usage usage = measurements.add("", "", "", stats, System.nanoTime());
        return line(first, UsageColumns.cells(usage, false));
    }

    private static String line(String first, List<String> cells) {
        List<String> all = new ArrayList<>();
        all.add(first + " ".repeat(Math.max(0, WIDTH - first.length())));
        for (int i = 0; i < cells.size(); i++) {
            int width = Math.max(WIDTH, UsageColumns.names().get(i).length());
            all.add(" ".repeat(Math.max(0, width - cells.get(i).length())) + cells.get(i));
        }
        return String.join(GAP, all) + "\n";
    }
}
