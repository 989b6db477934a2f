package io.jrunc.cli;

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
        "spec",
        "start",
        "state",
        "update"
    };

    private Commands() {}

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
            case "spec" -> new SpecCommand();
            case "start" -> new StartCommand();
            case "state" -> new StateCommand();
            case "update" -> new UpdateCommand();
            default -> null;
        };
    }
}
