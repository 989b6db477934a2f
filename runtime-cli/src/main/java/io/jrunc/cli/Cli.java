// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.GlobalOptions;
import io.jrunc.cli.command.Help;
import io.jrunc.cli.command.RunCommand;
import io.jrunc.cli.command.Version;
import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.cli.output.Log;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Parses one request, has its command do it, and reports how it ended. */
public final class Cli {
    private static final int UNKNOWN_COMMAND = 3;

    private static final String TOO_MUCH =
            "what was asked for needs more memory than this runtime takes; is config.json very"
                    + " large?";

    private final Kernel kernel;
    private final Request request;
    private final Launcher launcher;
    private Log log;
    private boolean outOfMemory;

    public Cli(Kernel kernel, Request request, Launcher launcher) {
        this.kernel = kernel;
        this.request = request;
        this.launcher = launcher;
        this.log = Log.standardError(kernel, request);
    }

    /**
     * Runs the command, and sends the launcher its exit status. Returns the exit status of this
     * process: not 0 if something failed after the launcher began to wait for the container.
     */
    public int run() {
        try {
            return perform();
        } finally {
            log.close();
        }
    }

    private int perform() {
        Command command = null;
        int status;
        try {
            int at = commandIndex(request.arguments());
            command = at < 0 ? null : Commands.at(request.arguments(), at);
            status = dispatch(command, at);
        } catch (Failure f) {
            log.fail(f);
            status = command == null ? 1 : command.failureStatus();
        } catch (ParameterException e) {
            log.fail(Failure.of(Failure.Code.USAGE, e.getMessage()));
            status = command == null ? 1 : command.failureStatus();
        } catch (RuntimeException e) {
            log.fail(
                    Failure.of(
                            Failure.Code.INTERNAL,
                            "this is a bug in jrunc, please report it: " + e,
                            e));
            log.debugTrace(e);
            status = command == null ? 1 : command.failureStatus();
        } catch (OutOfMemoryError e) {
            outOfMemory = true;
            log.fail(Failure.of(Failure.Code.OUT_OF_MEMORY, TOO_MUCH, e));
            return 1; // as if we had been killed: the launcher removes what is half-made
        }
        return status == RunCommand.SUPERVISED || end(command, status) ? 0 : status;
    }

    /** Returns whether memory ran out: for other requests it may have, too. */
    public boolean isOutOfMemory() {
        return outOfMemory;
    }

    /** If the launcher was killed meanwhile, undoes what was made: its caller cannot know of it. */
    private boolean end(Command command, int status) {
        try {
            launcher.end(status);
        } catch (Failure gone) {
            if (command != null) {
                command.undo();
            }
            return false;
        }
        if (command != null) {
            command.release();
        }
        return true;
    }

    /** Returns the command's index among the arguments, after options and values; -1: none. */
    public static int commandIndex(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                return i + 1 < arguments.size() ? i + 1 : -1;
            }
            if (!argument.startsWith("-")) {
                return i;
            }
            String longName = argument.startsWith("--") ? argument : "-" + argument;
            if (GlobalOptions.WITH_VALUE.contains(longName)) {
                i++;
            }
        }
        return -1;
    }

    private int dispatch(Command command, int at) {
        List<String> all = request.arguments();
        List<String> before = all.subList(0, at < 0 ? all.size() : at);
        CommandSpec rootSpec = CommandSpec.create().name("jrunc");
        GlobalOptions.describe(rootSpec);
        ParseResult global = Arguments.parse(rootSpec, before);
        openLog(global);
        GlobalOptions options = GlobalOptions.of(global, request, launcher, before);
        launcher.allow(options.allowedAnnotations());
        Context context = new Context(kernel, request, launcher, options, log);
        if (Command.has(global, "--version")) {
            context.print(Version.text(launcher.isServed()));
            return 0;
        }
        if (command == null) {
            return withoutCommand(context, at, Command.has(global, "--help"));
        }
        CommandSpec spec = command.specification();
        ParseResult result =
                Arguments.parse(spec, all.subList(at + Commands.words(command), all.size()));
        if (Command.has(result, "--help")) {
            context.print(Help.of(spec));
            return 0;
        }
        Command.requireArity(context, command, spec, result);
        return command.run(context, result);
    }

    private void openLog(ParseResult global) {
        String level =
                Command.has(global, "--debug") ? "debug" : Command.value(global, "--log-level", "");
        log =
                Log.open(
                        kernel,
                        request,
                        launcher,
                        Command.value(global, "--log", ""),
                        Command.value(global, "--log-format", ""),
                        level);
    }

    private int withoutCommand(Context context, int at, boolean help) {
        List<String> all = request.arguments();
        String name = at < 0 ? "help" : all.get(at);
        if (!name.equals("help") && !name.equals("h")) {
            throw_unknown(name);
            return UNKNOWN_COMMAND;
        }
        Command about = at >= 0 && at + 1 < all.size() ? Commands.at(all, at + 1) : null;
        context.print(about == null ? Commands.overview() : Help.of(about.specification()));
        return help || at < 0 || about != null || at + 1 >= all.size() ? 0 : UNKNOWN_COMMAND;
    }

    private void throw_unknown(String name) {
        log.fail(
                Failure.of(
                        Failure.Code.USAGE,
                        "\"" + name + "\" is no command of jrunc; see jrunc help"));
    }
}
