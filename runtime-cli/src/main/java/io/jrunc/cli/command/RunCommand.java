// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cli.launcher.Launcher;
import io.jrunc.container.Container;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.validate.ContainerId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Creates a container, starts it and, in the foreground, leaves the launcher to wait for it. What
 * it asks for, {@link io.jrunc.container.Containers} makes: {@code docs/architecture.md} names the
 * files that follow.
 */
public final class RunCommand extends Command {
    /** No exit status of ours: the launcher ends with the container's. */
    public static final int SUPERVISED = -1;

    private final UnaryOperator<Bundle> change;
    private Runnable removal = () -> {};
    private Runnable release = () -> {};

    public RunCommand() {
        this(bundle -> bundle);
    }

    /** One that makes the container from what {@code change} makes of its bundle. */
    public RunCommand(UnaryOperator<Bundle> change) {
        super("run", "Creates a container and starts it.");
        this.change = change;
    }

    @Override
    public void describe(Syntax syntax) {
        CreationFlags.describe(syntax);
        syntax.flag("return as soon as it runs", "-d", "--detach");
        syntax.flag("do not delete it when it has ended", "--keep");
        syntax.flag("do not become the parent of its orphans", "--no-subreaper");
        syntax.operand(NEW_CONTAINER);
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
            CreationFlags flags = CreationFlags.of(arguments, context);
            Bundle bundle = context.bundle(flags.bundle(), flags.config(), host);
            flags.checkTerminal(bundle.spec(), detach);
            if (!detach && !arguments.has("--no-subreaper")) {
                context.launcher().adoptOrphans();
            }
            CgroupManager cgroups = context.cgroups(host);
            Bundle made = change.apply(bundle);
            try (AuditTrail trail = AuditTrail.of(context);
                    ServiceManager manager = ServiceManager.of(context)) {
                CreateOptions options = flags.options(context, !detach, manager.waits());
                Container container =
                        start(
                                trail,
                                id,
                                () -> context.containers().run(id, made, host, cgroups, options));
                try {
                    if (detach) {
                        detach(context, container, manager);
                    } else {
                        attach(context, container, manager, arguments.has("--keep"), made);
                    }
                } catch (RuntimeException f) {
                    throw removed(container, f);
                }
            }
        } catch (Failure f) {
            throw f.during("run " + id);
        }
        return detach ? 0 : SUPERVISED;
    }

    private void detach(Context context, Container container, ServiceManager manager) {
        manager.awaitReady(container, context.launcher());
        container.handOver();
        // Through this object: another container may have the id by then.
        removal = () -> container.delete(true, context.log()::warn);
        release = container::close;
    }

    private static void attach(
            Context context,
            Container container,
            ServiceManager manager,
            boolean keep,
            Bundle bundle) {
        manager.forwardFrom(container, context.launcher());
        supervise(context, container, keep, bundle.spec().linux().seccomp().isPresent());
        container.handOver();
        container.close();
    }

    /** Returns what went wrong; the container, which was not handed over, is gone. */
    static RuntimeException removed(Container container, RuntimeException failure) {
        try {
            container.close();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
        return failure;
    }

    private static Container start(AuditTrail trail, String id, Supplier<Container> making) {
        Container container;
        try {
            container = making.get();
        } catch (Failure f) {
            trail.startFailed(id);
            throw f;
        }
        trail.started(container);
        return container;
    }

    @Override
    public void undo() {
        removal.run();
    }

    @Override
    public void release() {
        release.run();
    }

    /** The launcher stays until the container ends, and removes it without needing us again. */
    static void supervise(Context context, Container container, boolean keep, boolean filtered) {
        List<String> cleanupCommand = new ArrayList<>();
        Consumer<Kernel> removal = container::submitRemoval;
        if (keep || container.needsCleanupCommand() || context.options().auditLog()) {
            removal = survivor -> {};
        }
        if (!keep) {
            cleanupCommand.add("jrunc");
            cleanupCommand.addAll(context.options().given());
            cleanupCommand.addAll(List.of("delete", "--force", DeleteCommand.EXIT_REPORT));
            cleanupCommand.addAll(List.of(container.initIdentity(), container.id()));
        }
        Optional<Failure> shortage = container.memoryShortage();
        shortage.ifPresent(failure -> context.log().warn(failure.getMessage()));
        // Execve has succeeded, but the program may still get less memory than it needs to begin.
        boolean shortOfMemory = shortage.isEmpty() && container.isShortOfMemory();
        Set<Launcher.ExitReport> exitReports = EnumSet.noneOf(Launcher.ExitReport.class);
        if (!keep && shortOfMemory) {
            exitReports.add(Launcher.ExitReport.SIGKILL);
        }
        if (!keep && filtered) {
            exitReports.add(Launcher.ExitReport.SIGSYS);
        }
        Optional<Fd> terminal = container.terminal();
        context.launcher()
                .supervise(container.initPid(), terminal, removal, cleanupCommand, exitReports);
        if (terminal.isPresent()) {
            terminal.get().close(); // we may live on, and it is the launcher's now
        }
    }
}
