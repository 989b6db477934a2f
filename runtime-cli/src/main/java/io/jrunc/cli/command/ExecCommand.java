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
import java.util.Map;
import java.util.Set;

/** Runs a further process in a container. */
public final class ExecCommand extends Command {
    /** The exit status of the runtime's failures, which programs rarely use. */
    private static final int FAILURE = 255;

    public ExecCommand() {
        super("exec", "Runs a further process in a container.");
    }

    @Override
    public void describe(Syntax syntax) {
        ExecProcess.describe(syntax);
        ExecFlags.describe(syntax);
        syntax.operand(CONTAINER);
        syntax.operands("<argument>", 0, Syntax.ANY);
        syntax.optionsEndAtOperand();
    }

    @Override
    protected int required(Arguments arguments, int described) {
        return arguments.has("--process") ? described : described + 1;
    }

    @Override
    public int failureStatus() {
        return FAILURE;
    }

    @Override
    public Map<String, String> exitStatuses() {
        return statusesOfProgram("the program has exited with 0; with --detach: it runs");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        List<String> words = arguments.operands();
        String id = words.get(0);
        try (AuditTrail trail = AuditTrail.of(context);
                Container container = context.containers().load(id)) {
            Host host = context.host();
            ExecProcess wanted = new ExecProcess(context, arguments, words);
            ProcessSpec process = wanted.read(container);
            Validator.check(process, host.facts()).forEach(context.log()::warn);
            ExecFlags flags = new ExecFlags(context, arguments);
            boolean detach = arguments.has("--detach");
            Terminals.check(process.terminal(), detach, arguments.has("--console-socket"));
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
