// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.CommandGroup;
import java.util.List;
import java.util.Optional;

/** What helps to write filters of system calls and to understand them. */
public final class SeccompCommand extends CommandGroup {
    public SeccompCommand() {
        super("seccomp", "Makes, shows and compares filters of system calls.");
    }

    @Override
    public List<String> members() {
        return List.of("check", "diff", "record", "resolve", "show", "why");
    }

    @Override
    public Optional<Command> member(String word) {
        return switch (word) {
            case "check" -> Optional.of(new SeccompCheckCommand());
            case "diff" -> Optional.of(new SeccompDiffCommand());
            case "record" -> Optional.of(new SeccompRecordCommand());
            case "resolve" -> Optional.of(new SeccompResolveCommand());
            case "show" -> Optional.of(new SeccompShowCommand());
            case "why" -> Optional.of(new SeccompWhyCommand());
            default -> Optional.empty();
        };
    }
}
