// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import io.jrunc.cli.Cli;
import io.jrunc.cli.command.Arguments;
import java.util.List;
import java.util.Set;

/**
 * Which requests a resident runtime takes: those that engines make all the time. What may last as
 * long as a container ({@code events}, {@code seccomp record}), is rare, or is written by the
 * process itself to the kernel's audit log, gets a JVM of its own.
 */
final class ServedCommands {
    private static final Set<String> NAMES =
            Set.of(
                    "create", "delete", "exec", "kill", "list", "pause", "ps", "resume", "run",
                    "start", "state", "update");

    private ServedCommands() {}

    /** Returns whether the request is to be taken. */
    static boolean accept(List<String> arguments) {
        Arguments global = Cli.global(arguments);
        if (global.has("--debug") || global.has("--audit-log")) {
            return false;
        }
        List<String> words = global.operands();
        return words.isEmpty() ? global.has("--version") : NAMES.contains(words.get(0));
    }
}
