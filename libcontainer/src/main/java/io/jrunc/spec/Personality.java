// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;

/**
 * {@code linux.personality}. Source: runtime-spec config-linux.md#personality, personality(2).
 *
 * @param flags the specification defines none yet
 */
public record Personality(PersonalityDomain domain, List<String> flags) {
    public Personality {
        flags = List.copyOf(flags);
    }
}
