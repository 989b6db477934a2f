package io.jrunc.container;

import io.jrunc.linux.Kernel;
import io.jrunc.setup.SetupContext;
import io.jrunc.process.ProgramStart;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Spec;

/** Has the process of a context become its program now, not later as a created container does. */
record LastCalls(Kernel kernel, SetupContext context, ProgramStart start) {
    /**
     * Makes the calls. When this returns, execve(2) has succeeded.
     *
     * @param told what a seccomp listener hears of the container
     */
    void make(Spec spec, OciState told) {
        try (ExecCheck witness = ExecCheck.of(kernel, context.initPid())) {
            makeCalls(spec, told);
            witness.requireProgram();
        }
    }

    private void makeCalls(Spec spec, OciState told) {
        boolean notifies =
                spec.linux().seccomp().isPresent() && spec.linux().seccomp().get().notifies();
        if (!notifies) {
            start.submit(context.init(), context);
            context.init().finish();
            return;
        }
        try (ListenerHandOver listener = ListenerHandOver.to(kernel, spec)) {
            listener.prepare(context.init());
            context.init()
                    .finishWhile(
                            init -> start.submit(init, context),
                            control -> listener.handOver(told, context.initPid(), control));
        }
    }
}
