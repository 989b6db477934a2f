// SPDX-License-Identifier: Apache-2.0
package io.jrunc.hook;

import io.jrunc.linux.Call;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import io.jrunc.process.Environment;
import io.jrunc.process.ProgramStart;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Hook;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.OciState;
import java.util.List;
import java.util.Optional;

/**
 * Runs the hooks of one kind while the container is being made or started.
 *
 * @param directory where they run; empty is where their parent is
 * @param state what they read, but for the pid
 * @param program what startContainer hooks are limited like, for their files are the image's;
 *     absent for other kinds
 */
public record RunHooks(
        HookKind kind,
        List<Hook> hooks,
        String directory,
        OciState state,
        Optional<ProgramStart> program)
        implements Step {

    /** Returns the step for the hooks of one kind; empty if there are none. */
    public static Optional<Step> of(
            HookKind kind,
            Hooks hooks,
            String directory,
            OciState state,
            Optional<ProgramStart> program) {
        List<Hook> wanted = kind.of(hooks);
        return wanted.isEmpty()
                ? Optional.empty()
                : Optional.of(new RunHooks(kind, wanted, directory, state, program));
    }

    @Override
    public Actor actor() {
        return kind == HookKind.CREATE_CONTAINER || kind == HookKind.START_CONTAINER
                ? Actor.INIT
                : Actor.RUNTIME;
    }

    @Override
    public String title() {
        StringBuilder paths = new StringBuilder("run hooks");
        for (Hook hook : hooks) {
            paths.append(' ').append(hook.path());
        }
        return paths.toString();
    }

    @Override
    public String field() {
        return "hooks." + kind.specName();
    }

    /** Names only the hook in a failure at start, as runc does. */
    @Override
    public Failure explained(Failure failure) {
        boolean atStart = kind.compareTo(HookKind.START_CONTAINER) >= 0;
        return atStart ? failure : Step.super.explained(failure);
    }

    @Override
    public void apply(SetupContext context) {
        boolean inside = actor() == Actor.INIT;
        Kernel parent = inside ? context.init() : context.hookParent();
        // Inside, the pid is the one that the container itself would see.
        int pid =
                inside
                        ? (int) new Call(parent, Syscall.GETPID, "").submit().result()
                        : context.initPid();
        try (HookOutput output =
                HookOutput.of(state.annotations(), context::allows, context.hookParent())) {
            runner(context, parent, output).run(kind, hooks, state.withPid(pid).forHooks());
        }
    }

    private HookRunner runner(SetupContext context, Kernel parent, HookOutput output) {
        if (program.isPresent()) {
            List<String> given = program.get().process().env();
            List<String> environment =
                    Environment.withHome(Environment.parse(given), context.program().home());
            return new HookRunner(
                    parent, directory, environment, output, program.get()::confineHook);
        }
        boolean inside = actor() == Actor.INIT;
        List<String> inherited = inside ? List.of() : context.callerEnvironment();
        return new HookRunner(parent, directory, inherited, output);
    }
}
