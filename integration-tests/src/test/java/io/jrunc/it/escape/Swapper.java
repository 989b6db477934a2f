// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Exchanges two names in a directory as fast as it can, in a thread of its own. renameat2(2). */
final class Swapper implements AutoCloseable {
    private static final int RENAME_EXCHANGE = 2;
    private static final int BURST = 10;

    private final Kernel kernel = LocalKernel.get();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong count = new AtomicLong();
    private final Thread thread;

    Swapper(Path directory, String one, String two) {
        Fd at = kernel.files().open(directory.toString(), OpenFlag.PATH, OpenFlag.DIRECTORY);
        thread = new Thread(() -> swapUntilOver(at, one, two), "swapper");
        thread.start();
    }

    private void swapUntilOver(Fd at, String one, String two) {
        try (at) {
            while (!over.get()) {
                Arg[] args = {at, Arg.text(one), at, Arg.text(two), Arg.of(RENAME_EXCHANGE)};
                // EBUSY: one of them is a mount point just now.
                new Call(kernel, Syscall.RENAMEAT2, one, args).tolerateAll().submit();
                if (count.incrementAndGet() % BURST == 0) {
                    LockSupport.parkNanos(1); // the raced process needs a processor as well
                }
            }
        }
    }

    long count() {
        return count.get();
    }

    @Override
    public void close() {
        over.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
