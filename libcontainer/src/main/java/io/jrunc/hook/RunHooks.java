package io.jrunc.hook;

import io.jrunc.linux.Call;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Hook;
import io.jrunc.spec.OciState;
import java.util.List;

/**
 * Runs the hooks of one kind while the container is being made.
 *
 * @param directory where they run
 * @param state what they are told, but for the pid
 */
public record RunHooks(HookKind kind, List<Hook> hooks, String directory, OciState state)
        implements Step {

    @Override
    public Actor actor() {
        return kind == HookKind.CREATE_CONTAINER ? Actor.INIT : Actor.RUNTIME;
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

    @Override
    public void apply(SetupContext context) {
        boolean inside = actor() == Actor.INIT;
        Kernel parent = inside ? context.init() : context.hookParent();
        // Inside, the pid is the one that the container itself would see.
        int pid =
                inside
                        ? (int) new Call(parent, Syscall.GETPID, "").submit().result()
                        : context.initPid();
        List<String> inherited = inside ? List.of() : context.callerEnvironment();
        new HookRunner(parent, directory, inherited)
                .run(kind, hooks, state.withPid(pid).forHooks());
    }
}
