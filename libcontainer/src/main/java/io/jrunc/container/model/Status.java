// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import java.util.Locale;

/** What a container is doing. Source: runtime-spec runtime.md#state. */
public enum Status {
    /** A runtime is still working on it. */
    CREATING,
    /** Its init waits to be started. */
    CREATED,
    RUNNING,
    PAUSED,
    STOPPED;

    /** As the specification writes it: {@code running}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its init exists. */
    public boolean isAlive() {
        return this == CREATED || this == RUNNING || this == PAUSED;
    }

    public static Status observe(
            boolean frozen, boolean initAlive, boolean waiting, boolean beingMade) {
        if (!initAlive) {
            return beingMade ? CREATING : STOPPED;
        }
        if (frozen) {
            return PAUSED;
        }
        return waiting ? CREATED : RUNNING;
    }
}
