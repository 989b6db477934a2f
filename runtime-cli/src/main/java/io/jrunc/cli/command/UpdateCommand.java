// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Resources;
import io.jrunc.spec.json.SpecReader;
import java.util.Set;

/** Changes the limits of a container. */
public final class UpdateCommand extends Command {
    public UpdateCommand() {
        super("update", "Changes the limits of a container.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option(
                "FILE|-",
                "limits as in linux.resources of config.json; other options are ignored",
                "-r",
                "--resources");
        UpdateFlags.describe(syntax);
        syntax.operand(CONTAINER);
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String id = arguments.operands().get(0);
        try (AuditTrail trail = AuditTrail.of(context);
                Container container = context.containers().load(id)) {
            Host host = context.host();
            Resources wanted = wanted(context, arguments);
            if (!arguments.has("--resources")) {
                UpdateFlags.rdt(arguments).ifPresent(container::update);
            }
            if (trail.isOn()) {
                update(context, container, wanted, host, trail);
            } else {
                container.update(wanted, host, context.log()::warn);
            }
        } catch (Failure f) {
            throw f.during("update " + id);
        }
        return 0;
    }

    private static void update(
            Context context, Container container, Resources wanted, Host host, AuditTrail trail) {
        Resources before = container.resources();
        try {
            container.update(wanted, host, context.log()::warn);
        } catch (Failure f) {
            trail.updated(container, before, before.changedBy(wanted, Set.of()), false);
            throw f;
        }
        trail.updated(container, before, container.resources(), true);
    }

    private static Resources wanted(Context context, Arguments arguments) {
        String file = arguments.value("--resources", "");
        if (file.isEmpty()) {
            return UpdateFlags.resources(arguments, context.log()::warn);
        }
        if (file.equals("-")) {
            byte[] input = context.kernel().files().readAll(context.request().in());
            return SpecReader.readResources(input, "stdin", context.log()::warn);
        }
        return SpecReader.readResources(context.read(file), file, context.log()::warn);
    }
}
