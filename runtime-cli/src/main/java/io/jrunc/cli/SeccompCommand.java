package io.jrunc.cli;

import java.util.List;

/** What helps to write filters of system calls and to understand them. */
final class SeccompCommand extends CommandGroup {
    SeccompCommand() {
        super("seccomp", "Shows, compares and asks filters of system calls.");
    }

    @Override
    List<String> members() {
        return List.of("check", "diff", "resolve", "show");
    }

    @Override
    Command member(String word) {
        return switch (word) {
            case "check" -> new SeccompCheckCommand();
            case "diff" -> new SeccompDiffCommand();
            case "resolve" -> new SeccompResolveCommand();
            case "show" -> new SeccompShowCommand();
            default -> null;
        };
    }
}
