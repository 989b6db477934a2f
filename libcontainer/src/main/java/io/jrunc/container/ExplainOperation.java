package io.jrunc.container;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.host.Host;
import io.jrunc.linux.DryRunKernel;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OneLine;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.process.JoinKeyring;
import io.jrunc.setup.Plan;
import io.jrunc.setup.Rollback;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.state.State;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of making a container, in words, and the system calls that it would make.
 *
 * @param actor which process
 * @param field of {@code config.json} that causes the step; "always" if none does
 * @param calls as strace(1) would print them
 */
public record ExplainOperation(String actor, String title, String field, List<String> calls) {
    private static final int STAGE_PID = 4241;

    public ExplainOperation {
        // A bundle may be explained because nobody trusts it.
        title = OneLine.clean(title);
        field = OneLine.clean(field);
        calls = calls.stream().map(OneLine::clean).toList();
    }

    /** What run would do for {@code bundle}: the real steps, taken on paper. */
    public static List<ExplainOperation> of(
            String id, Bundle bundle, Host host, CgroupManager manager) {
        CgroupSetup cgroups = manager.place(host.hierarchies(), bundle.spec().linux(), id);
        List<String> calls = new ArrayList<>();
        DryRunKernel runtime = new DryRunKernel("runtime", calls::add);
        SetupContext context = new SetupContext(runtime, new PaperSpawner(runtime));
        State state =
                CreateOperation.stateOf(
                        LocalKernel.get(),
                        id,
                        bundle,
                        host,
                        cgroups,
                        JoinKeyring.nameFor(id, "<random>"));
        List<ExplainOperation> explained = new ArrayList<>();
        ContainerPlan plan =
                ContainerPlan.of(
                        bundle.spec(),
                        state,
                        cgroups,
                        CreateOptions.plain(),
                        host.facts().lastCapability());
        plan.steps()
                .play(
                        context,
                        new Plan.Listener() {
                            @Override
                            public void before(Step step) {
                                calls.clear();
                            }

                            @Override
                            public void after(Step step, long micros) {
                                explained.add(
                                        new ExplainOperation(
                                                step.actor().word(),
                                                step.title(),
                                                step.field(),
                                                calls));
                            }
                        });
        return explained;
    }

    private record PaperSpawner(DryRunKernel runtime) implements SetupContext.Spawner {
        @Override
        public SetupContext.Spawned spawn(String processName) {
            return new SetupContext.Spawned(runtime.beside(processName), STAGE_PID);
        }

        @Override
        public void reap(int pid) {}

        @Override
        public void setCleanup(Rollback rollback) {}

        @Override
        public void exchange(Runnable conversation) {
            // It would change what it speaks with.
        }

        @Override
        public List<String> environment() {
            return List.of();
        }

        @Override
        public Kernel hookParent() {
            return runtime.beside("hooks");
        }
    }
}
