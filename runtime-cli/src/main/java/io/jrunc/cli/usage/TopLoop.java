// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cli.command.Context;
import io.jrunc.cli.output.OptionWords;
import io.jrunc.linux.Events;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OneLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures, shows and obeys keys, until the user has seen enough. */
final class TopLoop {
    /** The exit status of a program that SIGINT has ended: what Ctrl-C means elsewhere. */
    private static final int INTERRUPTED = 130;

    private static final long KEYS = 0;
    private static final long LAUNCHER = 1;
    private static final int CTRL_C = 3;
    private static final int CTRL_L = 12;

    /** How long a new size of the window may go unnoticed. */
    private static final long GLANCE_NANOS = 200_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int HEADER = 2;

    private final Context context;
    private final Screen screen;
    private final UsageReader reader;
    private final Duration interval;
    private List<Usage> usages = List.of();
    private String problem = "";

    TopLoop(Context context, Screen screen, UsageReader reader, Duration interval) {
        this.context = context;
        this.screen = screen;
        this.reader = reader;
        this.interval = interval;
    }

    /** Returns the exit status. */
    int run(SortKey first) {
        SortKey key = first;
        Events kernel = context.kernel().events();
        try (Fd epoll = kernel.epoll("events")) {
            kernel.awaitInput(epoll, screen.keys(), KEYS);
            kernel.awaitHangup(epoll, context.launcher().socket(), LAUNCHER);
            Screen.Size size = screen.size();
            long next = System.nanoTime();
            boolean stale = true;
            while (true) {
                if (next - System.nanoTime() <= 0) {
                    measure();
                    next = System.nanoTime() + interval.toNanos();
                    stale = true;
                }
                Screen.Size now = screen.size();
                if (stale || !now.equals(size)) {
                    size = now;
                    show(size, key);
                    stale = false;
                }
                List<Long> happened = kernel.await(epoll, millisUntil(next));
                if (happened.contains(LAUNCHER)) {
                    return 1; // the caller has killed it, and is not interested in us
                }
                byte[] typed = happened.contains(KEYS) ? screen.typed() : new byte[] {0};
                if (typed.length == 0) {
                    return 1; // the terminal is gone
                }
                for (byte one : typed) {
                    if (one == 'q' || one == CTRL_C) {
                        return one == 'q' ? 0 : INTERRUPTED;
                    }
                    key = SortKey.of(one).orElse(key);
                    stale |= SortKey.of(one).isPresent() || one == CTRL_L;
                }
            }
        }
    }

    private void measure() {
        problem = "";
        usages =
                reader.read(
                        (id, failure) ->
                                problem =
                                        id
                                                + ": "
                                                + OneLine.of(OptionWords.of(failure.getMessage())));
    }

    private void show(Screen.Size size, SortKey key) {
        List<String> lines = new ArrayList<>();
        String count = usages.size() + (usages.size() == 1 ? " container" : " containers");
        lines.add("jrunc top: " + count + ", sorted by " + key.word());
        lines.add(problem);
        lines.addAll(TopText.lines(key.sorted(usages), size.columns()));
        List<String> legend = new ArrayList<>(List.of("q quit"));
        for (SortKey one : SortKey.values()) {
            legend.add(one.legend());
        }
        screen.show(size, lines, HEADER, String.join("  ", legend));
    }

    private static int millisUntil(long next) {
        long nanos = Math.min(GLANCE_NANOS, next - System.nanoTime());
        return (int) Math.max(0, nanos / NANOS_PER_MILLI + 1);
    }
}
