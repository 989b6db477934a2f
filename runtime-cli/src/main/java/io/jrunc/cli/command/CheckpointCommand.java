// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.checkpoint.option.CriuFlag;
import io.jrunc.container.Container;
import io.jrunc.container.model.CheckpointOptions;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import java.util.Optional;
import java.util.Set;

/** Writes the state of a container's processes to an image. */
public final class CheckpointCommand extends Command {
    private static final int NO_DESCRIPTOR = -1;
    private static final int MAX_PORT = 65535;

    public CheckpointCommand() {
        super("checkpoint", "Writes a container's processes to an image.");
    }

    @Override
    public void describe(Syntax syntax) {
        CriuArguments.describe(syntax);
        syntax.option("DIR", "the image that this one adds to, from there", "--parent-path");
        syntax.flag("let the container go on", "--leave-running");
        syntax.flag("leave out connections that are being made", "--tcp-skip-in-flight");
        syntax.flag("give open files that were removed a name", "--link-remap");
        syntax.option("FD", "gets a byte when pages can be asked for", "--status-fd");
        syntax.option("ADDRESS:PORT", "where pages are sent", "--page-server");
        syntax.flag("write memory only, while the container goes on", "--pre-dump");
        syntax.operand(CONTAINER);
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String id = arguments.operands().get(0);
        try (Container container = context.containers().load(id);
                CheckpointProgress progress =
                        new CheckpointProgress(context, status(context, arguments))) {
            container.checkpoint(options(context, arguments, progress), context.log()::warn);
        } catch (Failure f) {
            throw f.during("checkpoint " + id);
        }
        return 0;
    }

    private CheckpointOptions options(
            Context context, Arguments arguments, CheckpointProgress progress) {
        CriuArguments common = new CriuArguments(context, arguments);
        String parent = arguments.value("--parent-path", "");
        Set<CriuFlag> flags = common.flags(syntax());
        return new CheckpointOptions(
                common.image(),
                common.work(),
                parent.isEmpty() ? Optional.empty() : Optional.of(parent),
                arguments.has("--pre-dump"),
                flags,
                pageServer(arguments.value("--page-server", "")),
                common.cgroups(),
                common.networkLock(),
                common.emptyNetwork(),
                progress);
    }

    private static Optional<Fd> status(Context context, Arguments arguments) {
        String source = "--status-fd";
        long number = GoNumber.anyBase(source, arguments.value(source, "-1"));
        if (number == NO_DESCRIPTOR) {
            return Optional.empty();
        }
        if (number < 0
                || number > Integer.MAX_VALUE
                || !context.launcher().hasInherited((int) number)) {
            throw Failure.of(
                    Failure.Code.USAGE, source + ": the caller has passed no descriptor " + number);
        }
        return Optional.of(Fd.of(context.launcher().caller(), (int) number, source));
    }

    private static Optional<CheckpointOptions.PageServer> pageServer(String words) {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        int colon = words.lastIndexOf(':');
        String address = colon < 0 ? "" : words.substring(0, colon);
        String port = words.substring(colon + 1);
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        if (address.isEmpty()
                || !port.matches("[0-9]{1,5}")
                || Integer.parseInt(port) == 0
                || Integer.parseInt(port) > MAX_PORT) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--page-server: \"" + words + "\" is no address and port; write ADDRESS:PORT");
        }
        return Optional.of(new CheckpointOptions.PageServer(address, Integer.parseInt(port)));
    }
}
