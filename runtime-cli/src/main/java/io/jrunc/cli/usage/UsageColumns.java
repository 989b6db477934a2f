// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import java.util.List;

/** The columns in which usage is shown. */
final class UsageColumns {
    private static final List<String> NAMES =
            List.of(
                    "CPU%",
                    "THROTTLED%",
                    "MEMORY",
                    "LIMIT",
                    "PIDS",
                    "MAX",
                    "READ",
                    "WRITTEN",
                    "WAIT-CPU%",
                    "WAIT-MEM%",
                    "WAIT-IO%",
                    "OOM-KILLS");

    private UsageColumns() {}

    /** Returns the headers. */
    static List<String> names() {
        return NAMES;
    }

    /** Returns a cell for each header; {@code rates} shows transfers per second. */
    static List<String> cells(Usage usage, boolean rates) {
        return List.of(
                Amounts.percent(usage.cpu().percent()),
                Amounts.percent(usage.cpu().throttledPercent()),
                Amounts.bytes(usage.memory().bytes()),
                Amounts.bytes(usage.memory().limitBytes()),
                Amounts.number(usage.pids().current()),
                Amounts.number(usage.pids().limit()),
                rates
                        ? Amounts.rate(usage.io().readRate())
                        : Amounts.bytes((double) usage.io().readBytes()),
                rates
                        ? Amounts.rate(usage.io().writeRate())
                        : Amounts.bytes((double) usage.io().writtenBytes()),
                Amounts.percent(Usage.waited(usage.pressure().cpu())),
                Amounts.percent(Usage.waited(usage.pressure().memory())),
                Amounts.percent(Usage.waited(usage.pressure().io())),
                Amounts.number(usage.memory().oomKills()));
    }
}
