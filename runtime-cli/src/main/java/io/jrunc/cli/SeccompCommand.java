package io.jrunc.cli;

import java.util.List;

/** What helps to write filters of system calls and to understand them. */
final class SeccompCommand extends CommandGroup {
    SeccompCommand() {
        super("seccomp", "Makes, shows and compares filters of system calls.");
    }

    @Override
    List<String> members() {
        return List.of("check", "diff", "record", "resolve", "show", "why");
    }

    @Override
    Command member(String word) {
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
