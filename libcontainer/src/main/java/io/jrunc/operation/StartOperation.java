// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.GuardedAnnotations;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.container.model.Status;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.child.ChildKernel;
import io.jrunc.linux.child.RecordedBatch;
import io.jrunc.lsm.PendingProfile;
import io.jrunc.process.ListenerHandOver;
import io.jrunc.rootfs.DeniedAccess;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.setup.Phase;
import io.jrunc.setup.Plan;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Spec;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import java.util.Optional;
import java.util.function.Supplier;

/** Has the init of a created container, which waits on its socket, become the program. */
public record StartOperation(
        Kernel kernel, ProcessSpawner spawner, StateDirectory directory, State state) {
    /** How many operations init answers with when it is spoken to: accept, close, take control. */
    private static final int GREETING = 3;

    /**
     * Starts it.
     *
     * @param spec what the container was made from, read only if it is needed
     * @param end ends the container: one whose start fails does not go on
     */
    public void run(Supplier<Spec> spec, Runnable end) {
        Optional<byte[]> batch = directory.read(StateDirectory.START);
        if (batch.isEmpty()) {
            throw Failure.invalid("process", "is missing", "say what to run in config.json");
        }
        RecordedBatch calls = recorded(batch.get());
        // First of all: without a listener it stays created, and may be started again.
        try (ListenerHandOver listener =
                        state.listener() ? ListenerHandOver.to(kernel, profile(spec.get())) : null;
                Fd socket = kernel.sockets().unixStream("init")) {
            kernel.sockets().connect(socket, directory.socketPath(StateDirectory.CONTROL));
            // From here on it is not created any more: if we end now, init sees it and ends too.
            directory.remove(StateDirectory.CONTROL);
            try {
                drive(calls, socket, Optional.ofNullable(listener), spec);
            } catch (Failure f) {
                RuntimeException explained = explained(f, spec);
                end.run();
                throw explained;
            }
        }
    }

    private Seccomp profile(Spec spec) {
        GuardedAnnotations guarded = new GuardedAnnotations(state.annotations(), spawner);
        return guarded.heeded(spec).linux().seccomp().orElseThrow();
    }

    private RuntimeException explained(Failure failure, Supplier<Spec> spec) {
        RuntimeException explained = OomDetector.ofInit(kernel, state, spec).explained(failure);
        if (explained instanceof Failure f && f.getMessage().contains("execve")) {
            explained = DeniedExecve.explained(f, spec.get());
        }
        return explained instanceof Failure f && f.is(Errno.EACCES)
                ? new DeniedAccess(kernel, spec.get(), state.rootfs(), state.initPid(), false)
                        .explained(f, spec.get().process())
                : explained;
    }

    private RecordedBatch recorded(byte[] batch) {
        try {
            return RecordedBatch.fromBytes(batch);
        } catch (Failure f) {
            throw StateDirectory.damaged(StateDirectory.START, state.id(), f);
        }
    }

    /**
     * Throws why a container of this status cannot be started, if it cannot.
     *
     * @param shortage why its init has ended, if memory ran out
     */
    public static void requireCreated(Status status, Supplier<Optional<Failure>> shortage) {
        if (status == Status.STOPPED) {
            shortage.get()
                    .ifPresent(
                            failure -> {
                                throw failure;
                            });
        }
        if (status != Status.CREATED) {
            throw Failure.of(
                    Failure.Code.WRONG_STATE,
                    status == Status.STOPPED
                            ? "cannot start a container that has stopped"
                            : status == Status.PAUSED
                                    ? "cannot start a paused container; resume it first"
                                    : "cannot start an already running container");
        }
    }

    private void drive(
            RecordedBatch batch,
            Fd socket,
            Optional<ListenerHandOver> listener,
            Supplier<Spec> spec) {
        RecordedBatch.awaitGreeting(socket, GREETING);
        ChildKernel init = new ChildKernel(socket, "init");
        spawner.include(init);
        SetupContext context =
                SetupContext.withInit(
                        kernel,
                        new WatchedSpawner(
                                spawner,
                                CreateOptions.UNWATCHED,
                                0,
                                Optional.empty(),
                                rollback -> {}),
                        init,
                        state.initPid(),
                        state.home());
        Optional<Spec> hooked = state.hooks() ? Optional.of(spec.get()) : Optional.empty();
        Plan plan =
                ContainerPlan.rest(state, hooked, new PlayStored(batch, socket, listener, state));
        PendingProfile.requireLoaded(kernel, state.apparmorProfile());
        try (ExecCheck check = ExecCheck.of(kernel, state.initPid())) {
            plan.play(context, CreateOptions.UNWATCHED, Phase.START_HOOKS, Phase.EXEC);
            check.requireProgram();
        }
        requireMemory(spec);
        plan.play(context, CreateOptions.UNWATCHED, Phase.POSTSTART, Phase.POSTSTART);
    }

    private void requireMemory(Supplier<Spec> spec) {
        OomDetector.ofInit(kernel, state, spec)
                .ended(state.initPid())
                .ifPresent(
                        failure -> {
                            throw failure;
                        });
    }

    /** Has init make the calls that create has stored: its limits, its filter and execve(2). */
    private record PlayStored(
            RecordedBatch batch, Fd socket, Optional<ListenerHandOver> listener, State state)
            implements Step {
        @Override
        public String title() {
            return "become the program";
        }

        @Override
        public Failure explained(Failure failure) {
            return failure.during("exec failed");
        }

        @Override
        public void apply(SetupContext context) {
            if (listener.isEmpty()) {
                batch.play(socket);
                return;
            }
            ListenerHandOver waiting = listener.get();
            waiting.prepare(context.init());
            OciState sent = state.oci(Status.CREATING.word(), state.initPid(), "");
            batch.play(socket, control -> waiting.handOver(sent, state.initPid(), control));
        }
    }
}
