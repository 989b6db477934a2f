package io.jrunc.container;

import io.jrunc.linux.Kernel;
import io.jrunc.linux.child.ChildKernel;
import io.jrunc.plan.Scene;
import io.jrunc.process.ProgramStart;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Spec;

/** Has the process of a scene become its program now, not later as a created container does. */
record LastCalls(Kernel kernel, Scene scene, ProgramStart start) {
    /**
     * Makes the calls. When this returns, execve(2) has succeeded.
     *
     * @param told what a seccomp listener hears of the container
     */
    void make(Spec spec, OciState told) {
        try (ExecWitness witness = ExecWitness.of(kernel, scene.initPid())) {
            makeCalls(spec, told);
            witness.requireProgram();
        }
    }

    private void makeCalls(Spec spec, OciState told) {
        boolean notifies =
                spec.linux().seccomp().isPresent() && spec.linux().seccomp().get().notifies();
        if (!notifies) {
            start.submit(scene.init(), scene);
            scene.init().finish();
            return;
        }
        // Untraced: a call that waits for the listener has no result to show.
        ChildKernel init = (ChildKernel) scene.init().origin();
        try (ListenerHandOver listener = ListenerHandOver.to(kernel, spec)) {
            listener.prepare(init);
            start.submit(init, scene);
            init.record()
                    .play(
                            init.socket(),
                            () -> listener.handOver(told, scene.initPid(), init.socket()));
            init.close();
        }
    }
}
