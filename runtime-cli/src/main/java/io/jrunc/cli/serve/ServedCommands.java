// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import io.jrunc.cli.Cli;
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

    private static final List<String> OWN_PROCESS = List.of("debug", "audit-log");
    private static final Set<String> VERSION = Set.of("--version", "-version", "-v", "-V");

    private ServedCommands() {}

    /** Returns whether the request is to be taken. */
    static boolean accept(List<String> arguments) {
        int at = Cli.commandIndex(arguments);
        if (at < 0) {
            return arguments.size() == 1 && VERSION.contains(arguments.get(0));
        }
        for (String word : arguments.subList(0, at)) {
            int dashes = word.startsWith("--") ? 2 : word.startsWith("-") ? 1 : 0;
            int value = word.indexOf('=');
            String name = word.substring(dashes, value < dashes ? word.length() : value);
            if (dashes > 0 && OWN_PROCESS.contains(name)) {
                return false;
            }
        }
        return NAMES.contains(arguments.get(at));
    }
}
