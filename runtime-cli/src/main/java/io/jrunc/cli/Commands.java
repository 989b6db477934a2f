// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import io.jrunc.cli.command.AuditCommand;
import io.jrunc.cli.command.CheckpointCommand;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.CommandGroup;
import io.jrunc.cli.command.CreateCommand;
import io.jrunc.cli.command.DeleteCommand;
import io.jrunc.cli.command.ExecCommand;
import io.jrunc.cli.command.ExplainCommand;
import io.jrunc.cli.command.FeaturesCommand;
import io.jrunc.cli.command.GlobalOptions;
import io.jrunc.cli.command.InfoCommand;
import io.jrunc.cli.command.KillCommand;
import io.jrunc.cli.command.ListCommand;
import io.jrunc.cli.command.MountsCommand;
import io.jrunc.cli.command.PauseCommand;
import io.jrunc.cli.command.PsCommand;
import io.jrunc.cli.command.RestoreCommand;
import io.jrunc.cli.command.ResumeCommand;
import io.jrunc.cli.command.RunCommand;
import io.jrunc.cli.command.ServeCommand;
import io.jrunc.cli.command.SpecCommand;
import io.jrunc.cli.command.StartCommand;
import io.jrunc.cli.command.StateCommand;
import io.jrunc.cli.command.Syntax;
import io.jrunc.cli.command.UpdateCommand;
import io.jrunc.cli.completion.CompletionCommand;
import io.jrunc.cli.lab.LabCommand;
import io.jrunc.cli.seccomp.SeccompCommand;
import io.jrunc.cli.usage.EventsCommand;
import io.jrunc.cli.usage.TopCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All commands, by name, under the options before them. A command is made only when it is named.
 */
public final class Commands extends CommandGroup {
    /** In the order in which help lists them. */
    public static final List<String> NAMES =
            List.of(
                    "audit",
                    "checkpoint",
                    "completion",
                    "create",
                    "delete",
                    "events",
                    "exec",
                    "explain",
                    "features",
                    "info",
                    "kill",
                    "lab",
                    "list",
                    "mounts",
                    "pause",
                    "ps",
                    "restore",
                    "resume",
                    "run",
                    "seccomp",
                    "serve",
                    "spec",
                    "start",
                    "state",
                    "top",
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
    public Map<String, String> exitStatuses() {
        Map<String, String> statuses = super.exitStatuses();
        statuses.put("" + Cli.UNKNOWN_COMMAND, "there is no such command");
        return statuses;
    }

    @Override
    public List<String> members() {
        return NAMES;
    }

    @Override
    public Optional<Command> member(String word) {
        return named(word);
    }

    /** Returns the command that {@code words} begin with, if they do. */
    static Optional<Command> at(List<String> words) {
        Optional<Command> command = words.isEmpty() ? Optional.empty() : named(words.get(0));
        if (words.size() > 1
                && command.isPresent()
                && command.get() instanceof CommandGroup group) {
            Optional<Command> member = group.member(words.get(1));
            return member.isPresent() ? member : command;
        }
        return command;
    }

    /** Returns what follows the name of {@code command}. */
    static List<String> after(Command command, List<String> words) {
        return words.subList(command.name().indexOf(' ') < 0 ? 1 : 2, words.size());
    }

    /** Returns the command called {@code name}, if there is one. */
    public static Optional<Command> named(String name) {
        return switch (name) {
            case "audit" -> Optional.of(new AuditCommand());
            case "completion" -> Optional.of(new CompletionCommand(new Commands()));
            case "checkpoint" -> Optional.of(new CheckpointCommand());
            case "create" -> Optional.of(new CreateCommand());
            case "delete" -> Optional.of(new DeleteCommand());
            case "events" -> Optional.of(new EventsCommand());
            case "exec" -> Optional.of(new ExecCommand());
            case "explain" -> Optional.of(new ExplainCommand());
            case "features" -> Optional.of(new FeaturesCommand());
            case "info" -> Optional.of(new InfoCommand());
            case "kill" -> Optional.of(new KillCommand());
            case "lab" -> Optional.of(new LabCommand());
            case "list" -> Optional.of(new ListCommand());
            case "mounts" -> Optional.of(new MountsCommand());
            case "pause" -> Optional.of(new PauseCommand());
            case "ps" -> Optional.of(new PsCommand());
            case "restore" -> Optional.of(new RestoreCommand());
            case "resume" -> Optional.of(new ResumeCommand());
            case "run" -> Optional.of(new RunCommand());
            case "seccomp" -> Optional.of(new SeccompCommand());
            case "serve" -> Optional.of(new ServeCommand());
            case "spec" -> Optional.of(new SpecCommand());
            case "start" -> Optional.of(new StartCommand());
            case "state" -> Optional.of(new StateCommand());
            case "top" -> Optional.of(new TopCommand());
            case "update" -> Optional.of(new UpdateCommand());
            default -> Optional.empty();
        };
    }
}
