// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.GoDuration;
import io.jrunc.cli.command.Syntax;
import io.jrunc.linux.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Shows what containers use: again and again at a terminal, otherwise once. */
public final class TopCommand extends Command {
    private static final String DEFAULT_INTERVAL = "1s";

    public TopCommand() {
        super("top", "Shows what containers use, live or once.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("table|json", "how to print it; json is printed once", "--format");
        syntax.flag("print it once, also at a terminal", "--no-stream");
        syntax.option(SortKey.words(), "what comes first (default: cpu)", "--sort");
        syntax.option("DURATION", "time between two measurements: 1s, 500ms", "--interval");
        syntax.operands(CONTAINER, 0, Syntax.ANY);
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean json = wantsJson(arguments, "table");
        SortKey key = SortKey.parse(arguments.value("--sort", "cpu"));
        Duration interval =
                GoDuration.parse("--interval", arguments.value("--interval", DEFAULT_INTERVAL));
        if (interval.isNegative() || interval.isZero()) {
            throw Failure.of(Failure.Code.USAGE, "--interval: must be greater than 0");
        }
        List<String> wanted = arguments.operands();
        for (String id : wanted) {
            context.containers().load(id).close();
        }
        UsageReader reader = new UsageReader(context.containers(), wanted);
        if (!json && !arguments.has("--no-stream")) {
            Optional<Screen> screen = Screen.open(context);
            if (screen.isPresent()) {
                try (Screen opened = screen.get()) {
                    return new TopLoop(context, opened, reader, interval).run(key);
                }
            }
        }
        List<Usage> usages = key.sorted(once(context, reader, interval));
        context.print(json ? UsageJson.of(usages) : TopText.table(usages));
        return 0;
    }

    /** Measures twice, because rates need it. */
    private static List<Usage> once(Context context, UsageReader reader, Duration interval) {
        reader.read((id, failure) -> {});
        boolean gone =
                context.kernel()
                        .processes()
                        .awaitHangup(context.launcher().socket(), interval.toMillis());
        return gone
                ? List.of()
                : reader.read(
                        (id, failure) ->
                                context.log()
                                        .warn(
                                                "measure container "
                                                        + id
                                                        + ": "
                                                        + failure.getMessage()
                                                        + ", ignoring"));
    }
}
