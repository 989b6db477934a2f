// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.container.ContainerStats;

/** Events below a header: a line for each measurement, and one whenever memory ran out. */
final class EventTable implements EventPrinter {
    private static final String TYPE = "TYPE";

    private final UsageTable table = new UsageTable();
    private boolean begun;

    @Override
    public String oom(String id) {
        return header() + "oom\n";
    }

    @Override
    public String stats(String id, ContainerStats stats) {
        return header() + table.line("stats", stats.cgroup());
    }

    private String header() {
        String header = begun ? "" : table.header(TYPE);
        begun = true;
        return header;
    }
}
