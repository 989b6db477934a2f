// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.host.Host;
import io.jrunc.linux.DryRunKernel;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.process.JoinKeyring;
import io.jrunc.setup.Plan;
import io.jrunc.setup.Rollback;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.state.State;
import java.util.ArrayList;
import java.util.List;

/** Plays a container's plan on a kernel that makes no call, and takes down what it would do. */
public final class ExplainOperation {
    private static final int STAGE_PID = 4241;

    private ExplainOperation() {}

    /** Returns what run would do for {@code bundle}. */
    public static List<ExplainedStep> run(
            String id, Bundle bundle, Host host, CgroupManager manager) {
        CgroupSetup cgroups = manager.place(host.hierarchies(), bundle.spec(), id);
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
        List<ExplainedStep> explained = new ArrayList<>();
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
                                        new ExplainedStep(
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
