package io.jrunc.container;

import io.jrunc.hook.HookKind;
import io.jrunc.hook.HookRunner;
import io.jrunc.linux.Call;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import io.jrunc.process.Environment;
import io.jrunc.process.ProgramStart;
import io.jrunc.spec.Hook;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;
import io.jrunc.state.State;
import java.util.List;
import java.util.function.Consumer;

/** The hooks around a container that was made: at its start and when it has stopped. */
record LifecycleHooks(ProcessSpawner spawner, State state) {
    /**
     * Runs the startContainer hooks as children of init, which is about to become the program. They
     * get what the program will get, and no more: their files are the image's.
     */
    void beforeStart(Spec spec, Kernel init) {
        Hooks hooks = spec.hooks();
        if (hooks.startContainer().isEmpty()) {
            return;
        }
        ProcessSpec process = spec.process().orElseThrow();
        List<String> environment =
                Environment.withHome(Environment.parse(process.env()), state.home());
        ProgramStart confined = ProgramStart.of(process, spec.linux().seccomp());
        int pid = (int) new Call(init, Syscall.GETPID, "").submit().result();
        new HookRunner(init, "", environment, confined::confineHook)
                .run(
                        HookKind.START_CONTAINER,
                        hooks.startContainer(),
                        told(HookKind.START_CONTAINER, pid));
    }

    /** Runs the poststart hooks; the program runs already. */
    void afterStart(Hooks hooks) {
        if (!hooks.poststart().isEmpty()) {
            runner().run(
                            HookKind.POSTSTART,
                            hooks.poststart(),
                            told(HookKind.POSTSTART, state.initPid()));
        }
    }

    /** Runs the poststop hooks. One that fails stops neither the others nor the removal. */
    void afterStop(Hooks hooks, Consumer<String> warnings) {
        List<Hook> poststop = hooks.poststop();
        for (int i = 0; i < poststop.size(); i++) {
            try {
                runner().run(HookKind.POSTSTOP, i, poststop.get(i), told(HookKind.POSTSTOP, 0));
            } catch (Failure f) {
                warnings.accept(f.getMessage() + ", ignoring");
            }
        }
    }

    private HookRunner runner() {
        return new HookRunner(spawner.hookParent(), "", spawner.environment());
    }

    private String told(HookKind kind, int pid) {
        return state.oci(kind.status(), pid, "").forHooks();
    }
}
