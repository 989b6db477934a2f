// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.container.Container;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.RestoreOptions;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.process.Activation;
import io.jrunc.spec.Spec;
import io.jrunc.validate.ContainerId;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a container from an image that checkpoint has written, and, in the foreground, leaves the
 * launcher to wait for it.
 */
public final class RestoreCommand extends Command {
    public RestoreCommand() {
        super("restore", "Restores a container from an image.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("DIR", "the bundle (default: here)", "-b", "--bundle");
        syntax.option("FILE", "the specification (default: config.json)", "-f", "--config");
        syntax.option("SOCKET", "receives the terminal's master", "--console-socket");
        syntax.option("FILE", "where to write init's pid", "--pid-file");
        syntax.flag("return as soon as it runs", "-d", "--detach");
        syntax.flag("do not become the parent of its orphans", "--no-subreaper");
        syntax.flag("of no effect: criu makes the root", "--no-pivot");
        CriuArguments.describe(syntax);
        syntax.option("TYPE:NAME", "another profile or label", "--lsm-profile");
        syntax.option("LABEL", "the SELinux context of mounts", "--lsm-mount-context");
        syntax.operand(CONTAINER);
    }

    @Override
    public Map<String, String> exitStatuses() {
        return statusesOfProgram("the program has exited with 0; with --detach: it runs");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String id = arguments.operands().get(0);
        boolean detach = arguments.has("--detach");
        try {
            ContainerId.check(id);
            Host host = context.host();
            Bundle bundle =
                    context.bundle(
                            arguments.value("--bundle", ""),
                            arguments.value("--config", Bundle.CONFIG),
                            host);
            Spec spec = bundle.spec();
            Optional<String> console = CreationFlags.path(arguments, "--console-socket");
            Terminals.check(spec, detach, console.isPresent());
            if (!detach && !arguments.has("--no-subreaper")) {
                context.launcher().adoptOrphans();
            }
            CgroupManager cgroups = context.cgroups(host);
            RestoreOptions options = options(context, arguments, console, !detach);
            Container container = context.containers().restore(id, bundle, host, cgroups, options);
            try {
                if (!detach) {
                    boolean filtered = spec.linux().seccomp().isPresent();
                    RunCommand.supervise(context, container, false, filtered);
                }
                container.handOver();
                container.close();
            } catch (RuntimeException f) {
                throw RunCommand.removed(container, f);
            }
        } catch (Failure f) {
            throw f.during("restore " + id);
        }
        return detach ? 0 : RunCommand.SUPERVISED;
    }

    private RestoreOptions options(
            Context context, Arguments arguments, Optional<String> console, boolean foreground) {
        CriuArguments common = new CriuArguments(context, arguments);
        CreateOptions creation =
                new CreateOptions(
                        console,
                        CreationFlags.path(arguments, "--pid-file"),
                        Optional.empty(),
                        false,
                        false,
                        0,
                        Activation.NONE,
                        false,
                        foreground,
                        Optional.empty(),
                        context.watcher());
        return new RestoreOptions(
                common.image(),
                common.work(),
                common.flags(syntax()),
                common.cgroups(),
                common.networkLock(),
                common.emptyNetwork(),
                CreationFlags.path(arguments, "--lsm-profile"),
                CreationFlags.path(arguments, "--lsm-mount-context"),
                common::explained,
                creation);
    }
}
