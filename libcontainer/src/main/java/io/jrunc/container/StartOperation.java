package io.jrunc.container;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.child.ChildKernel;
import io.jrunc.linux.child.RecordedBatch;
import io.jrunc.rootfs.DeniedAccess;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Spec;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import java.util.Optional;
import java.util.function.Supplier;

/** Has the init of a created container, which waits on its socket, become the program. */
record StartOperation(
        Kernel kernel, ProcessSpawner spawner, StateDirectory directory, State state) {
    /** How many operations init answers with when it is spoken to: accept, close, take control. */
    private static final int GREETING = 3;

    /**
     * Starts it.
     *
     * @param spec what the container was made from, read only if it is needed
     * @param end ends the container: one whose start fails does not go on
     */
    void run(Supplier<Spec> spec, Runnable end) {
        byte[] batch = directory.read(StateDirectory.START);
        if (batch == null) {
            throw Failure.invalid("process", "is missing", "say what to run in config.json");
        }
        RecordedBatch calls = recorded(batch);
        // First of all: without a listener it stays created, and may be started again.
        try (ListenerHandOver listener =
                        state.listener() ? ListenerHandOver.to(kernel, spec.get()) : null;
                Fd socket = kernel.sockets().unixStream("init")) {
            kernel.sockets().connect(socket, directory.socketPath(StateDirectory.CONTROL));
            // From here on it is not created any more: if we end now, init sees it and ends too.
            directory.remove(StateDirectory.CONTROL);
            try {
                drive(calls, socket, listener, spec);
            } catch (Failure f) {
                RuntimeException explained = explained(f, spec);
                end.run();
                throw explained;
            }
        }
    }

    private RuntimeException explained(Failure failure, Supplier<Spec> spec) {
        RuntimeException explained = OomDetector.ofInit(kernel, state, spec).explained(failure);
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
    static void requireCreated(Status status, Supplier<Optional<Failure>> shortage) {
        if (status == Status.STOPPED) {
            shortage.get()
                    .ifPresent(
                            failure -> {
                                throw failure;
                            });
        }
        if (status != Status.CREATED) {
            throw Failure.of(
                    "wrong-state",
                    status == Status.STOPPED
                            ? "cannot start a container that has stopped"
                            : status == Status.PAUSED
                                    ? "cannot start a paused container; resume it first"
                                    : "cannot start an already running container");
        }
    }

    private void drive(
            RecordedBatch batch, Fd socket, ListenerHandOver listener, Supplier<Spec> spec) {
        RecordedBatch.awaitGreeting(socket, GREETING);
        Hooks hooks = state.hooks() ? spec.get().hooks() : Hooks.NONE;
        LifecycleHooks life = new LifecycleHooks(spawner, state);
        if (!hooks.startContainer().isEmpty()) {
            life.beforeStart(spec.get(), new ChildKernel(socket, "init"));
        }
        try (ExecCheck witness = ExecCheck.of(kernel, state.initPid())) {
            play(batch, socket, listener);
            witness.requireProgram();
        }
        requireMemory(spec);
        life.afterStart(hooks);
    }

    private void requireMemory(Supplier<Spec> spec) {
        OomDetector.ofInit(kernel, state, spec)
                .ended(state.initPid())
                .ifPresent(
                        failure -> {
                            throw failure;
                        });
    }

    private void play(RecordedBatch batch, Fd socket, ListenerHandOver listener) {
        try {
            if (listener == null) {
                batch.play(socket);
            } else {
                listener.prepare(new ChildKernel(socket, "init"));
                OciState told = state.oci(Status.CREATING.word(), state.initPid(), "");
                batch.play(socket, control -> listener.handOver(told, state.initPid(), control));
            }
        } catch (Failure f) {
            throw f.during("exec failed");
        }
    }
}
