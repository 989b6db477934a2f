// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.GoDuration;
import io.jrunc.cli.command.Syntax;
import io.jrunc.container.Container;
import io.jrunc.container.ContainerEvents;
import io.jrunc.linux.Failure;
import java.time.Duration;

/** Tells what a container uses and when its memory runs out, a line of JSON for each event. */
public final class EventsCommand extends Command {
    private static final String DEFAULT_INTERVAL = "5s";

    public EventsCommand() {
        super("events", "Tells what a container uses, and when its memory runs out.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("DURATION", "time between two statistics: 5s, 500ms, 1m30s", "--interval");
        syntax.flag("print statistics once, and end", "--stats");
        syntax.option("json|table", "how to print them", "--format");
        syntax.operand(CONTAINER);
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String word = arguments.value("--interval", DEFAULT_INTERVAL);
        Duration interval = GoDuration.parse("--interval", word);
        boolean json = !arguments.has("--format") || wantsJson(arguments, "table");
        try (Container container = context.containers().load(arguments.operands().get(0))) {
            if (interval.isNegative() || interval.isZero()) {
                throw Failure.of(
                        Failure.Code.USAGE,
                        "--interval: duration interval must be greater than 0, not " + word);
            }
            if (!arguments.has("--stats")) {
                try (ContainerEvents events = container.events()) {
                    new EventStream(context, container, events, printer(json)).follow(interval);
                }
            } else if (container.status().isAlive()) {
                context.print(printer(json).stats(container.id(), container.stats()));
            } else {
                throw ContainerEvents.notRunning(container.id());
            }
        }
        return 0;
    }

    private static EventPrinter printer(boolean json) {
        return json ? EventPrinter.JSON : new EventTable();
    }
}
