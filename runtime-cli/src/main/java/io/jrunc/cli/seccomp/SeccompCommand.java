// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.CommandGroup;
import java.util.List;

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
    public Command member(String word) {
        return switch (word) {
            case "check" -> new SeccompCheckCommand();
            case "diff" -> new SeccompDiffCommand();
            case "record" -> new SeccompRecordCommand();
            case "resolve" -> new SeccompResolveCommand();
            case "show" -> new SeccompShowCommand();
            case "why" -> new SeccompWhyCommand();
            default -> null;
        };
    }
}
