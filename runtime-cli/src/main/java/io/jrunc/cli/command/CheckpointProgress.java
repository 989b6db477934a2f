// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.model.CheckpointOptions;
import io.jrunc.linux.Fd;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Shows on a terminal how far a checkpoint is, in one line that is rewritten; is quiet otherwise.
 */
final class CheckpointProgress implements CheckpointOptions.Watcher, AutoCloseable {
    /** A short dump needs no line. */
    private static final long QUIET_NANOS = 1_000_000_000;

    private static final double MIB = 1 << 20;
    private static final double SECOND = 1_000_000_000;
    private static final int PAGE = 4096;
    private static final String CLEAR = "\r\033[K";

    private final Context context;
    private final Optional<Fd> status;
    private final boolean visible;
    private final long begin = System.nanoTime();
    private boolean shown;

    /**
     * Shows nothing yet.
     *
     * @param status gets a byte when pages can be asked for; empty: the caller does not wait for it
     */
    CheckpointProgress(Context context, Optional<Fd> status) {
        this.context = context;
        this.status = status;
        this.visible = context.log().isOnTerminal();
    }

    @Override
    public void progress(long written, long all) {
        long nanos = System.nanoTime() - begin;
        if (visible && nanos > QUIET_NANOS) {
            shown = true;
            print(CLEAR + line(written, all, nanos));
        }
    }

    /** Returns what the line says. */
    static String line(long written, long all, long nanos) {
        String of = all == 0 ? "" : String.format(Locale.ROOT, " of about %.0f", all / MIB);
        return String.format(
                Locale.ROOT,
                "%d pages, %.0f%s MiB, %.0f s",
                written / PAGE,
                written / MIB,
                of,
                nanos / SECOND);
    }

    @Override
    public void ready() {
        status.ifPresent(
                descriptor -> {
                    descriptor.kernel().files().writeTolerantly(descriptor, new byte[1]).result();
                    descriptor.close(); // the reader waits for its end
                    descriptor.kernel().flush();
                });
    }

    @Override
    public void explained(String line) {
        close();
        context.log().warn(line);
    }

    private void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        context.kernel().files().writeTolerantly(context.request().err(), bytes).result();
    }

    /** Clears the line. */
    @Override
    public void close() {
        if (shown) {
            print(CLEAR);
            shown = false;
        }
    }
}
