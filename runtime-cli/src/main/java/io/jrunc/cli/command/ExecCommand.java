// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.container.model.ContainerProcess;
import io.jrunc.container.model.ExecOptions;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.validate.Validator;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Runs a further process in a container. */
public final class ExecCommand extends Command {
    /** The exit status of the runtime's failures, which programs rarely use. */
    private static final int FAILURE = 255;

    public ExecCommand() {
        super("exec", "Runs a further process in a container.");
    }

    @Override
    public void describe(CommandSpec spec) {
        ExecProcess.describe(spec);
        ExecFlags.describe(spec);
    }

    @Override
    public Arity arity() {
        return new Arity(1, -1);
    }

    @Override
    public Arity arity(ParseResult arguments) {
        return has(arguments, "--process") ? new Arity(1, -1) : new Arity(2, -1);
    }

    @Override
    public boolean stopsAtArguments() {
        return true;
    }

    @Override
    public int failureStatus() {
        return FAILURE;
    }

    @Override
    public int run(Context context, ParseResult arguments) {
        List<String> words = positionals(arguments);
        String id = words.get(0);
        try (AuditTrail trail = AuditTrail.of(context);
                Container container = context.containers().load(id)) {
            Host host = context.host();
            ExecProcess wanted = new ExecProcess(context, arguments, words);
            ProcessSpec process = wanted.read(container);
            Validator.check(process, host.facts()).forEach(context.log()::warn);
            ExecFlags flags = new ExecFlags(context, arguments);
            boolean detach = has(arguments, "--detach");
            Terminals.check(process.terminal(), detach, has(arguments, "--console-socket"));
            ExecOptions options = flags.options(!detach);
            ContainerProcess running = exec(container, process, host, options, trail);
            if (detach) {
                return 0;
            }
            running.memoryShortage().ifPresent(why -> context.log().warn(why.getMessage()));
            context.launcher()
                    .supervise(
                            running.pid(), running.terminal(), survivor -> {}, List.of(), Set.of());
            return RunCommand.SUPERVISED;
        } catch (Failure f) {
            throw f.during("exec in " + id);
        }
    }

    private static ContainerProcess exec(
            Container container,
            ProcessSpec process,
            Host host,
            ExecOptions options,
            AuditTrail trail) {
        try {
            return container.exec(process, host, options);
        } catch (Failure f) {
            trail.execDenied(container, process.args().get(0), f);
            throw f;
        }
    }
}
