// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.credentials.CapabilitySets;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.OciState;
import java.util.List;
import java.util.Optional;

/**
 * Makes init limit itself and execute the program: one batch, since the seccomp filter may forbid
 * each call after it, and nothing answers once the program runs.
 *
 * @param activation descriptors that the program's environment announces
 * @param listened the profile, if it has a listener
 * @param state what the listener receives of the container; with a pid of 0, init's is filled in
 */
public record BecomeProgram(
        ProgramStart start, Activation activation, Optional<Seccomp> listened, OciState state)
        implements Step {
    @Override
    public String title() {
        return "limit what it may use and call, and become " + start.process().args().get(0);
    }

    @Override
    public String field() {
        return "process";
    }

    /** Unchanged: engines look at how the failure of execve(2) begins. */
    @Override
    public Failure explained(Failure failure) {
        return failure;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        List<String> variables = activation.variables(init);
        if (listened.isEmpty()) {
            start.submit(init, context.program(), variables);
            init.finish();
            return;
        }
        try (ListenerHandOver listener = ListenerHandOver.to(context.runtime(), listened.get())) {
            listener.prepare(init);
            OciState sent = state.pid() == 0 ? state.withPid(context.initPid()) : state;
            init.finishWhile(
                    process -> start.submit(process, context.program(), variables),
                    control -> listener.handOver(sent, context.initPid(), control));
        }
    }

    /**
     * Encodes the calls, for an init that waits to be started.
     *
     * @param capabilities of the program, to load the filter at once if init can wait under it;
     *     empty: it cannot, since hooks will be run
     */
    public byte[] record(SetupContext context, Optional<CapabilitySets> capabilities) {
        Kernel init = context.init();
        List<String> variables = activation.variables(init);
        ProgramStart left =
                capabilities.isPresent() ? start.loadFilterEarly(init, capabilities.get()) : start;
        return init.record(process -> left.submit(process, context.program(), variables));
    }
}
