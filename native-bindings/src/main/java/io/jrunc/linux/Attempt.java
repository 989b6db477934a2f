// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.function.Consumer;

/** Calls that stand or fall together. See {@link Kernel#attempt}. */
public final class Attempt {
    private final Consumer<Failure> otherwise;

    /** One in whose place {@code otherwise} is run if a call fails. */
    public Attempt(Consumer<Failure> otherwise) {
        this.otherwise = otherwise;
    }

    /** Does something in place of the calls, or throws what explains their failure. */
    public void replace(Failure failure) {
        otherwise.accept(failure);
    }
}
