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
import io.jrunc.cli.command.Syntax;
import io.jrunc.cli.command.UpdateCommand;
import io.jrunc.cli.seccomp.SeccompCommand;
import java.util.List;

/**
 * All commands, by name, under the options before them. A command is made only when it is named.
 */
public final class Commands extends CommandGroup {
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

    public Commands() {
        super("jrunc", "Runs containers from OCI bundles.");
    }

    @Override
    public void describe(Syntax syntax) {
        GlobalOptions.describe(syntax);
        super.describe(syntax);
    }

    @Override
    public List<String> members() {
        return NAMES;
    }

    @Override
    public Command member(String word) {
        return named(word);
    }

    /** Returns the command that {@code words} begin with, or null. */
    static Command at(List<String> words) {
        Command command = words.isEmpty() ? null : named(words.get(0));
        if (command instanceof CommandGroup group && words.size() > 1) {
            Command member = group.member(words.get(1));
            return member == null ? group : member;
        }
        return command;
    }

    /** Returns what follows the name of {@code command}. */
    static List<String> after(Command command, List<String> words) {
        return words.subList(command.name().indexOf(' ') < 0 ? 1 : 2, words.size());
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
}
