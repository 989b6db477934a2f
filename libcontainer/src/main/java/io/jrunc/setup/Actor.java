// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import java.util.Locale;

/** Which process does something. */
public enum Actor {
    /** The runtime, outside the container. */
    RUNTIME,
    /** The first child: joins and creates namespaces. */
    STAGE,
    /** The container's first process. */
    INIT,
    /** A helper with the runtime's rights in the container's mount namespace. */
    MOUNTER;

    /** The name in traces. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
