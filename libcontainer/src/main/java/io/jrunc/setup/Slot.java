// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value that one step sets once and later steps need. */
final class Slot<T> {
    private final String name;
    private final String setBy;
    private @Nullable T value;

    /**
     * An empty slot.
     *
     * @param name of the value, for messages
     * @param setBy the step that sets it, for messages
     */
    Slot(String name, String setBy) {
        this.name = name;
        this.setBy = setBy;
    }

    /** Sets the value; {@link IllegalStateException} if there is one. */
    void set(T newValue) {
        if (value != null) {
            throw new IllegalStateException(name + " is set already");
        }
        value = newValue;
    }

    /** The value; {@link IllegalStateException} if the step that sets it was not taken. */
    T get() {
        if (value == null) {
            throw new IllegalStateException(name + " is missing: " + setBy + " must come before");
        }
        return value;
    }

    /** The value, or empty if no step has set it. */
    Optional<T> find() {
        return Optional.ofNullable(value);
    }
}
