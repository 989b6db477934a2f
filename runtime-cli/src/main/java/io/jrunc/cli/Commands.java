// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import io.jrunc.cli.command.AuditCommand;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.CommandGroup;
import io.jrunc.cli.command.CreateCommand;
import io.jrunc.cli.command.DeleteCommand;
import io.jrunc.cli.command.EventsCommand;
import io.jrunc.cli.command.ExecCommand;
import io.jrunc.cli.command.ExplainCommand;
import io.jrunc.cli.command.FeaturesCommand;
import io.jrunc.cli.command.GlobalOptions;
import io.jrunc.cli.command.Help;
import io.jrunc.cli.command.KillCommand;
import io.jrunc.cli.command.ListCommand;
import io.jrunc.cli.command.PauseCommand;
import io.jrunc.cli.command.PsCommand;
import io.jrunc.cli.command.ResumeCommand;
import io.jrunc.cli.command.RunCommand;
import io.jrunc.cli.command.ServeCommand;
import io.jrunc.cli.command.SpecCommand;
import io.jrunc.cli.command.StartCommand;
import io.jrunc.cli.command.StateCommand;
import io.jrunc.cli.command.UpdateCommand;
import io.jrunc.cli.seccomp.SeccompCommand;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** All commands, by name. Each is made only when it is asked for. */
public final class Commands {
    /** In the order in which help lists them. */
    public static final List<String> NAMES =
            List.of(
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
                    "serve",
                    "spec",
                    "start",
                    "state",
                    "update");

    private Commands() {}

    /**
     * Returns the command that begins at {@code at}, or null. A group gives way to its member that
     * the next argument names.
     */
    static Command at(List<String> arguments, int at) {
        Command command = named(arguments.get(at));
        if (command instanceof CommandGroup group && at + 1 < arguments.size()) {
            Command member = group.member(arguments.get(at + 1));
            return member == null ? group : member;
        }
        return command;
    }

    /** Returns how many arguments the name of a command takes up. */
    static int words(Command command) {
        return command.name().indexOf(' ') < 0 ? 1 : 2;
    }

    /** Returns the command called {@code name}, or null. */
    public static Command named(String name) {
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
            case "serve" -> new ServeCommand();
            case "spec" -> new SpecCommand();
            case "start" -> new StartCommand();
            case "state" -> new StateCommand();
            case "update" -> new UpdateCommand();
            default -> null;
        };
    }

    /** Returns what help prints of all commands. */
    static String overview() {
        CommandSpec spec = CommandSpec.create().name("jrunc");
        GlobalOptions.describe(spec);
        spec.usageMessage().description("Runs containers from OCI bundles.");
        StringBuilder text = new StringBuilder(Help.of(spec)).append("\nCommands:\n");
        for (String name : NAMES) {
            text.append("  ").append(name);
            text.append(" ".repeat(12 - name.length()));
            text.append(named(name).summary()).append('\n');
        }
        return text.toString();
    }
}
