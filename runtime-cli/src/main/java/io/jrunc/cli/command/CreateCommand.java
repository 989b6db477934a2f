// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.container.model.Bundle;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.validate.ContainerId;

/** Creates a container, to be started later. */
public final class CreateCommand extends Command {
    private Runnable removal = () -> {};
    private Runnable release = () -> {};

    public CreateCommand() {
        super("create", "Creates a container, to be started later.");
    }

    @Override
    public void describe(Syntax syntax) {
        CreationFlags.describe(syntax);
        syntax.operand(NEW_CONTAINER);
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String id = arguments.operands().get(0);
        try {
            ContainerId.check(id);
            Host host = context.host();
            CreationFlags flags = CreationFlags.of(arguments, context);
            Bundle bundle = context.bundle(flags.bundle(), flags.config(), host);
            flags.checkTerminal(bundle.spec(), true);
            // `start` waits for readiness.
            boolean notifies = ServiceManager.isThere(context.request());
            Container container =
                    context.containers()
                            .create(
                                    id,
                                    bundle,
                                    host,
                                    context.cgroups(host),
                                    flags.options(context, false, notifies));
            container.handOver();
            // Through this object: another container may have the id by then.
            removal = () -> container.delete(true, context.log()::warn);
            release = container::close;
        } catch (Failure f) {
            throw f.during("create " + id);
        }
        return 0;
    }

    @Override
    public void undo() {
        removal.run();
    }

    @Override
    public void release() {
        release.run();
    }
}
