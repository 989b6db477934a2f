// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for futures. */
final class Futures {
    private Futures() {}

    /** Waits for the value; throws the failure that it has instead. */
    static <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException f) {
                throw f;
            }
            throw new IllegalStateException(e);
        }
    }

    /** Waits until it is complete, however; an interrupt is kept for later. */
    static void awaitEnd(CompletableFuture<?> future) {
        future.handle((value, failure) -> true).join();
    }
}
