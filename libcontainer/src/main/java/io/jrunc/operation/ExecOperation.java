// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.OpenCgroups;
import io.jrunc.console.ConsoleSocket;
import io.jrunc.container.model.ContainerProcess;
import io.jrunc.container.model.ExecOptions;
import io.jrunc.container.model.GuardedAnnotations;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.container.model.Status;
import io.jrunc.container.model.Streams;
import io.jrunc.credentials.CapabilitySets;
import io.jrunc.credentials.GiveUpPrivileges;
import io.jrunc.host.Host;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.process.Activation;
import io.jrunc.process.BecomeProgram;
import io.jrunc.process.ProgramStart;
import io.jrunc.rootfs.DeniedAccess;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.setup.Phase;
import io.jrunc.setup.Plan;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;
import io.jrunc.state.State;
import java.util.Optional;

/** Runs one further process in a container. Whatever goes wrong, nothing of it remains. */
public final class ExecOperation {
    private final Kernel kernel;
    private final ProcessSpawner spawner;
    private final State state;
    private final ExecOptions options;
    private final SetupContext context;

    public ExecOperation(Kernel kernel, ProcessSpawner spawner, State state, ExecOptions options) {
        this.kernel = options.watcher().watch(kernel, "runtime");
        this.spawner = spawner;
        this.state = state;
        this.options = options;
        this.context =
                new SetupContext(
                        this.kernel,
                        new WatchedSpawner(
                                spawner,
                                options.watcher(),
                                options.preservedDescriptors(),
                                options.streams(),
                                rollback -> {}));
    }

    /**
     * Runs {@code wanted}. When this returns, execve(2) has succeeded.
     *
     * @param stored the specification of the container
     */
    public ContainerProcess run(Spec stored, ProcessSpec wanted, Host host) {
        Spec container = stored;
        ProcessSpec handled = wanted;
        if (!stored.annotations().isEmpty()) {
            handled = Handlers.applied(kernel, stored, wanted, spawner.handlerDirectories());
            GuardedAnnotations guarded = new GuardedAnnotations(stored.annotations(), spawner);
            container = guarded.heeded(stored);
            if (guarded.keepsGroups()) {
                context.keepGroups();
            }
        }
        return run(container, container.process(), handled, host);
    }

    private ContainerProcess run(
            Spec container, Optional<ProcessSpec> own, ProcessSpec wanted, Host host) {
        boolean confined = own.isPresent() && own.get().isLabelled();
        ProcessSpec process = confined ? wanted.labelledLike(own.get()) : wanted;
        OomDetector shortage = OomDetector.fromNowOn(kernel, state, () -> container);
        OpenCgroups cgroups =
                new ExecCgroups(kernel, state, host.hierarchies()).step(options.cgroups());
        // Last: this makes sure that all which was found by init's pid was init's.
        InitNamespaces namespaces = InitNamespaces.open(kernel, state.init());
        Plan plan =
                ExecPlan.of(
                        state,
                        container.linux(),
                        process,
                        namespaces.foreign(),
                        namespaces.root(),
                        cgroups,
                        givingUp(container, process, host),
                        becoming(container, process),
                        Host.isPrivileged() ? Optional.empty() : state.unit(),
                        options);
        try {
            plan.play(context, options.watcher(), Phase.CGROUPS, Phase.PRIVILEGES);
            context.endStage();
            handOver();
            try (ExecCheck check = ExecCheck.of(kernel, context.initPid())) {
                plan.play(context, options.watcher(), Phase.EXEC, Phase.EXEC);
                check.requireProgram();
            }
            Optional<Failure> ended = shortage.ended(context.initPid());
            if (ended.isPresent() && !options.foreground()) {
                throw ended.get();
            }
            options.streams().ifPresent(Streams::areGiven);
            options.pidFile()
                    .ifPresent(file -> PidFile.write(spawner.caller(), file, context.initPid()));
            return new ContainerProcess(context.initPid(), context.terminal(), ended);
        } catch (RuntimeException f) {
            throw context.rollback().undo(explained(shortage.explained(f), container, process));
        } finally {
            namespaces.close();
        }
    }

    private RuntimeException explained(
            RuntimeException failure, Spec container, ProcessSpec process) {
        RuntimeException explained = failure;
        if (explained instanceof Failure f && f.getMessage().contains("execve")) {
            explained = DeniedExecve.explained(f, container);
        }
        return explained instanceof Failure f && f.is(Errno.EACCES)
                ? new DeniedAccess(kernel, container, state.rootfs(), state.initPid(), true)
                        .explained(f, Optional.of(process))
                : explained;
    }

    /** Says that a container of this status takes no further process. */
    public static Failure cannotExec(Status status) {
        return Failure.of(Failure.Code.WRONG_STATE, refusal(status));
    }

    /** As {@link #cannotExec(Status)}; {@code cause} has shown it. */
    public static Failure cannotExec(Status status, Throwable cause) {
        return Failure.of(Failure.Code.WRONG_STATE, refusal(status), cause);
    }

    private static String refusal(Status status) {
        return "cannot exec in a " + status.word() + " container; start one";
    }

    /** Returns what the process gives up; processes beside it may have all rights of init. */
    private static GiveUpPrivileges givingUp(Spec container, ProcessSpec process, Host host) {
        int last = host.facts().lastCapability();
        long neighbours =
                container
                        .process()
                        .map(first -> CapabilitySets.of(first, last).bounding())
                        .orElse(0L);
        return GiveUpPrivileges.of(process, container.linux().seccomp(), last, neighbours);
    }

    private BecomeProgram becoming(Spec container, ProcessSpec process) {
        Optional<Seccomp> seccomp = container.linux().seccomp();
        return new BecomeProgram(
                ProgramStart.of(process, seccomp),
                Activation.NONE,
                seccomp.filter(Seccomp::notifies),
                state.oci(Status.RUNNING.word(), state.initPid(), ""));
    }

    private void handOver() {
        if (context.terminal().isPresent() && options.consoleSocket().isPresent()) {
            String path = options.consoleSocket().get();
            ConsoleSocket.send(spawner.caller(), path, context.terminal().get());
        }
        options.pidfdSocket()
                .ifPresent(
                        path ->
                                PidfdSocket.send(
                                        spawner.caller(), path, context.initPid(), "setns"));
    }
}
