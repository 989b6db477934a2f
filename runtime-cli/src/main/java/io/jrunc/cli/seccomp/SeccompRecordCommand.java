// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.OutputFile;
import io.jrunc.cli.command.RunCommand;
import io.jrunc.cli.command.Syntax;
import io.jrunc.cli.output.DeniedCalls;
import io.jrunc.confinement.record.CallHandler;
import io.jrunc.confinement.record.CallListener;
import io.jrunc.confinement.record.DenyingHandler;
import io.jrunc.confinement.record.RecordedBundle;
import io.jrunc.confinement.record.RecordingHandler;
import io.jrunc.container.model.Bundle;
import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.recording.Recording;
import io.jrunc.spec.json.SeccompWriter;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs a container, records its system calls, and writes the smallest profile with which it runs
 * again; or reports the calls that its own profile denies. The container ends as with run, and so
 * does this command.
 */
final class SeccompRecordCommand extends Command {
    private Optional<CallListener> listener = Optional.empty();

    SeccompRecordCommand() {
        super(
                "seccomp record",
                "Runs a container and writes the smallest profile with which it runs again.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("FILE", "where to write the profile", "-o", "--output");
        syntax.flag("add to what FILE holds already, if it is there", "--merge");
        syntax.flag(
                "write nothing; enforce the bundle's profile and print what it denies", "--denied");
        syntax.operand("[--] run");
        syntax.operands("<argument>", 1, Syntax.ANY);
        syntax.optionsEndAtOperand();
    }

    @Override
    public Map<String, String> exitStatuses() {
        return statusesOfProgram("the program has exited with 0");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        List<String> words = arguments.operands();
        if (!words.get(0).equals("run")) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    '"' + words.get(0) + "\" cannot be recorded; write -- run and its arguments");
        }
        List<String> run = words.subList(1, words.size());
        String path = arguments.value("--output", "");
        boolean merge = arguments.has("--merge");
        if (arguments.has("--denied")) {
            if (merge || !path.isEmpty()) {
                throw Failure.of(
                        Failure.Code.USAGE,
                        "--denied writes no profile; leave out --output and --merge");
            }
            return denied(context, run);
        }
        if (path.isEmpty()) {
            throw Failure.of(
                    Failure.Code.USAGE, "--output is missing; say where to write the profile");
        }
        return learned(context, run, path, merge);
    }

    private int learned(Context context, List<String> run, String path, boolean merge) {
        Recording recording = merge ? earlier(context, path) : new Recording();
        try (OutputFile output = OutputFile.at(context, path)) {
            int status =
                    record(
                            context,
                            run,
                            bundle -> {
                                tellOfOwnProfile(context, bundle);
                                return new RecordingHandler(recording);
                            });
            for (String nameless : recording.nameless()) {
                context.log().warn("system call " + nameless + " has no name, ignoring");
            }
            String text = SeccompWriter.text(recording.profile());
            output.write(text.getBytes(StandardCharsets.UTF_8));
            return status;
        }
    }

    private static Recording earlier(Context context, String path) {
        if (!context.launcher().caller().files().exists(path)) {
            return new Recording();
        }
        return SpecReader.readSeccomp(context.read(path), path)
                .map(profile -> Recording.continuing(profile, path))
                .orElseGet(Recording::new);
    }

    private static void tellOfOwnProfile(Context context, Bundle bundle) {
        if (bundle.spec().linux().seccomp().isPresent()) {
            context.log().warn("linux.seccomp: not in force while calls are recorded, ignoring");
        }
    }

    private int denied(Context context, List<String> run) {
        DeniedCalls denied = new DeniedCalls();
        int status =
                record(
                        context,
                        run,
                        bundle ->
                                new DenyingHandler(context.kernel(), profile(bundle), denied::add));
        denied.print(context.log());
        return status;
    }

    private static Seccomp profile(Bundle bundle) {
        return bundle.spec()
                .linux()
                .seccomp()
                .orElseThrow(
                        () ->
                                Failure.invalid(
                                        "linux.seccomp",
                                        "is missing, so nothing is denied",
                                        "name a profile, or record without --denied"));
    }

    /** Runs the container to its end; {@code answers} are for the bundle that it is made from. */
    private int record(Context context, List<String> words, Function<Bundle, CallHandler> answers) {
        RunCommand run = new RunCommand(bundle -> heardOf(context, bundle, answers));
        Syntax syntax = run.syntax();
        Arguments arguments = Arguments.parse(syntax, words);
        run.requireArity(context, syntax, arguments);
        if (arguments.has("--detach")) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--detach: a recording ends with its container; leave it out");
        }
        // Ctrl-C is for the container; the terminal would send it to us as well.
        context.kernel().processes().newSession();
        int status;
        try {
            status = run.run(context, arguments);
        } catch (RuntimeException f) {
            listener.ifPresent(CallListener::close);
            throw f;
        }
        listener.orElseThrow().awaitEnd();
        return status;
    }

    private Bundle heardOf(Context context, Bundle bundle, Function<Bundle, CallHandler> answers) {
        CallListener opened = CallListener.open(context.kernel(), answers.apply(bundle));
        listener = Optional.of(opened);
        return RecordedBundle.of(context.kernel(), bundle, opened.path());
    }
}
