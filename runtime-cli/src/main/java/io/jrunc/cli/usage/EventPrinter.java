// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cli.output.EventText;
import io.jrunc.container.ContainerStats;

/** What a command prints of events. */
interface EventPrinter {
    /** A line of JSON for each, as runc does. */
    EventPrinter JSON =
            new EventPrinter() {
                @Override
                public String oom(String id) {
                    return EventText.oom(id);
                }

                @Override
                public String stats(String id, ContainerStats stats) {
                    return EventText.stats(id, stats);
                }
            };

    /** That memory ran out. */
    String oom(String id);

    /** What was counted. */
    String stats(String id, ContainerStats stats);
}
