// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Resources;
import io.jrunc.spec.json.SpecReader;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Changes the limits of a container. */
public final class UpdateCommand extends Command {
    public UpdateCommand() {
        super("update", "Changes the limits of a container.");
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.addOption(
                option(
                        "FILE|-",
                        "limits as in linux.resources of config.json; other options are ignored",
                        "-r",
                        "--resources"));
        UpdateFlags.describe(spec);
    }

    @Override
    public Arity arity() {
        return new Arity(1, 1);
    }

    @Override
    public int run(Context context, ParseResult arguments) {
        String id = positionals(arguments).get(0);
        try (Container container = context.containers().load(id)) {
            Host host = context.host();
            Resources wanted = wanted(context, arguments);
            if (!has(arguments, "--resources")) {
                UpdateFlags.rdt(arguments).ifPresent(container::update);
            }
            container.update(wanted, host, context.log()::warn);
        } catch (Failure f) {
            throw f.during("update " + id);
        }
        return 0;
    }

    private static Resources wanted(Context context, ParseResult arguments) {
        String file = value(arguments, "--resources", "");
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
