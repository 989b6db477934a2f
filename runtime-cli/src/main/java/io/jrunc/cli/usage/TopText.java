// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import java.util.ArrayList;
import java.util.List;

/** Containers below each other, in columns as wide as their widest cell. */
final class TopText {
    private static final String GAP = "  ";

    private TopText() {}

    /** Returns all containers and columns. */
    static String table(List<Usage> usages) {
        StringBuilder text = new StringBuilder();
        for (String line : lines(usages, Integer.MAX_VALUE)) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    /**
     * Returns the header, and a line for each container.
     *
     * @param space columns of the screen; what would be cut in the middle is left out
     */
    static List<String> lines(List<Usage> usages, int space) {
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("ID", "STATUS"));
        header.addAll(UsageColumns.names());
        rows.add(header);
        for (Usage usage : usages) {
            List<String> row = new ArrayList<>(List.of(usage.id(), usage.status()));
            row.addAll(UsageColumns.cells(usage, true));
            rows.add(row);
        }
        int[] widths = new int[header.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        int shown = fitting(widths, space);
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < shown; i++) {
                String blanks = " ".repeat(widths[i] - row.get(i).length());
                cells.add(i < 2 ? row.get(i) + blanks : blanks + row.get(i));
            }
            lines.add(String.join(GAP, cells));
        }
        return lines;
    }

    /** Returns how many columns fit; the first always does. */
    private static int fitting(int[] widths, int space) {
        int used = widths[0];
        int fitting = 1;
        while (fitting < widths.length && used + GAP.length() + widths[fitting] <= space) {
            used += GAP.length() + widths[fitting];
            fitting++;
        }
        return fitting;
    }
}
