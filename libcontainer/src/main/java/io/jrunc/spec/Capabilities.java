// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;
import java.util.Optional;

/**
 * {@code process.capabilities}: names such as {@code CAP_KILL} in five sets. An absent set is
 * empty; an absent object leaves all sets alone. Source: runtime-spec config.md#linux-process,
 * capabilities(7).
 */
public record Capabilities(
        Optional<List<String>> bounding,
        Optional<List<String>> effective,
        Optional<List<String>> inheritable,
        Optional<List<String>> permitted,
        Optional<List<String>> ambient) {
    /** None in any set. */
    public static final Capabilities NONE =
            new Capabilities(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    public Capabilities {
        bounding = Copies.list(bounding);
        effective = Copies.list(effective);
        inheritable = Copies.list(inheritable);
        permitted = Copies.list(permitted);
        ambient = Copies.list(ambient);
    }
}
