// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One program of {@code hooks}. Source: runtime-spec config.md#posix-platform-hooks, execv(3).
 *
 * @param path absolute
 * @param args the whole argument vector, {@code args[0]} included; empty if absent
 * @param env the whole environment, as {@code NAME=value}; absent inherits the runtime's, an empty
 *     list is an empty environment
 * @param timeoutSeconds after which the hook is killed, above 0; absent waits for ever
 */
public record Hook(
        String path, List<String> args, Optional<List<String>> env, OptionalInt timeoutSeconds) {
    public Hook {
        args = List.copyOf(args);
        env = Copies.list(env);
    }
}
