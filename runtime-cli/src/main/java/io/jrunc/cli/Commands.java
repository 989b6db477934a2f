package io.jrunc.cli;

import java.util.List;

/** All commands, by name. Each is made only when it is asked for. */
final class Commands {
    /** In the order in which help lists them. */
    static final String[] NAMES = {
        "audit",
        "create",
        "delete",
        "events",
        "exec",
        "explain",
        "features",
        "kill",
        "list",
        "pause",
        "ps",
        "resume",
        "run",
        "seccomp",
        "spec",
        "start",
        "state",
        "update"
    };

    private Commands() {}

    /**
     * The command that begins at {@code at}, or null. A group gives way to its member that the next
     * argument names.
     */
    static Command at(List<String> arguments, int at) {
        Command command = named(arguments.get(at));
        if (command instanceof CommandGroup group && at + 1 < arguments.size()) {
            Command member = group.member(arguments.get(at + 1));
            return member == null ? group : member;
        }
        return command;
    }

    /** How many arguments the name of a command takes up. */
    static int words(Command command) {
        return command.name().indexOf(' ') < 0 ? 1 : 2;
    }

    /** The command called {@code name}, or null. */
    static Command named(String name) {
        return switch (name) {
            case "audit" -> new AuditCommand();
            case "create" -> new CreateCommand();
            case "delete" -> new DeleteCommand();
            case "events" -> new EventsCommand();
            case "exec" -> new ExecCommand();
            case "explain" -> new ExplainCommand();
            case "features" -> new FeaturesCommand();
            case "kill" -> new KillCommand();
            case "list" -> new ListCommand();
            case "pause" -> new PauseCommand();
            case "ps" -> new PsCommand();
            case "resume" -> new ResumeCommand();
            case "run" -> new RunCommand();
            case "seccomp" -> new SeccompCommand();
            case "spec" -> new SpecCommand();
            case "start" -> new StartCommand();
            case "state" -> new StateCommand();
            case "update" -> new UpdateCommand();
            default -> null;
        };
    }
}
