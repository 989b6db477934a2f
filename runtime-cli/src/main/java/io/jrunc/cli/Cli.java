// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.CommandModel;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.GlobalOptions;
import io.jrunc.cli.command.RunCommand;
import io.jrunc.cli.command.Syntax;
import io.jrunc.cli.command.Version;
import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.cli.output.Log;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import java.util.List;
import java.util.Optional;

/** Parses one request, has its command do it, and reports how it ended. */
public final class Cli {
    static final int UNKNOWN_COMMAND = 3;

    private static final String TOO_MUCH =
            "what was asked for needs more memory than this runtime takes; is config.json very"
                    + " large?";

    private static final String SLOW =
            "Java does not use the class-data archive lib/jrunc.jsa, which was made for another Java"
                    + " or another jrunc.jar, and takes three times as long to start; run"
                    + " bin/jrunc-setup";

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

    /** Reads the options before the command; the command and what follows are its operands. */
    public static Arguments global(List<String> arguments) {
        return Arguments.read(new Commands().syntax(), arguments);
    }

    private int perform() {
        Optional<Command> command = Optional.empty();
        int status;
        try {
            Arguments global = global(request.arguments());
            command = Commands.at(global.operands());
            status = dispatch(command, global);
        } catch (Failure f) {
            log.fail(f);
            status = failureStatus(command);
        } catch (RuntimeException e) {
            log.fail(
                    Failure.of(
                            Failure.Code.INTERNAL,
                            "this is a bug in jrunc, please report it: " + e,
                            e));
            log.debugTrace(e);
            status = failureStatus(command);
        } catch (OutOfMemoryError e) {
            outOfMemory = true;
            log.fail(Failure.of(Failure.Code.OUT_OF_MEMORY, TOO_MUCH, e));
            launcher.endAndRemove(failureStatus(command));
            return 0;
        }
        return status == RunCommand.SUPERVISED || end(command, status) ? 0 : status;
    }

    private static int failureStatus(Optional<Command> command) {
        return command.isPresent() ? command.get().failureStatus() : 1;
    }

    /** Returns whether memory ran out: for other requests it may have, too. */
    public boolean isOutOfMemory() {
        return outOfMemory;
    }

    /** If the launcher was killed meanwhile, undoes what was made: its caller cannot know of it. */
    private boolean end(Optional<Command> command, int status) {
        try {
            launcher.end(status);
        } catch (Failure gone) {
            if (command.isPresent()) {
                command.get().undo();
            }
            return false;
        }
        if (command.isPresent()) {
            command.get().release();
        }
        return true;
    }

    private int dispatch(Optional<Command> named, Arguments global) {
        global.check();
        openLog(global);
        List<String> all = request.arguments();
        List<String> words = global.operands();
        List<String> before = all.subList(0, all.size() - words.size());
        GlobalOptions options = GlobalOptions.of(global, request, launcher, before);
        launcher.allow(options.allowedAnnotations());
        launcher.describeHandlersIn(options.handlers());
        Context context = new Context(kernel, request, launcher, options, log);
        if (global.has("--version")) {
            Version.Archive archive = Version.Archive.ofThisProcess(kernel);
            context.print(Version.text(archive, launcher.isServed()));
            return 0;
        }
        if (named.isEmpty()) {
            return withoutCommand(context, words, global.has("--help"));
        }
        Command command = named.get();
        Syntax syntax = command.syntax();
        Arguments arguments = Arguments.parse(syntax, Commands.after(command, words));
        if (arguments.has("--help")) {
            context.print(CommandModel.help(command));
            return 0;
        }
        command.requireArity(context, syntax, arguments);
        return command.run(context, arguments);
    }

    private void openLog(Arguments global) {
        String level = global.has("--debug") ? "debug" : global.value("--log-level", "");
        log =
                Log.open(
                        kernel,
                        request,
                        launcher,
                        global.value("--log", ""),
                        global.value("--log-format", ""),
                        level);
        if (log.isDebug() && Version.Archive.ofThisProcess(kernel) == Version.Archive.REJECTED) {
            log.debug(SLOW);
        }
    }

    private int withoutCommand(Context context, List<String> words, boolean help) {
        String name = words.isEmpty() ? "help" : words.get(0);
        if (!name.equals("help") && !name.equals("h")) {
            reportUnknown(name);
            return UNKNOWN_COMMAND;
        }
        boolean aboutOne = words.size() > 1;
        Optional<Command> about =
                aboutOne ? Commands.at(words.subList(1, words.size())) : Optional.empty();
        context.print(CommandModel.help(about.orElseGet(Commands::new)));
        return help || !aboutOne || about.isPresent() ? 0 : UNKNOWN_COMMAND;
    }

    private void reportUnknown(String name) {
        log.fail(
                Failure.of(
                        Failure.Code.USAGE,
                        "\"" + name + "\" is no command of jrunc; see jrunc help"));
    }
}
