package io.jrunc.container;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.host.Host;
import io.jrunc.linux.DryRunKernel;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OneLine;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.process.JoinKeyring;
import io.jrunc.process.ProgramStart;
import io.jrunc.rootfs.CreateDevices;
import io.jrunc.setup.Plan;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Spec;
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
        Plan plan =
                ContainerPlan.plan(
                        bundle.spec(),
                        state,
                        cgroups,
                        CreateOptions.plain(),
                        host.facts().lastCapability());
        for (Step step : plan.steps()) {
            if (step instanceof CreateDevices devices) {
                devices.nodes()
                        .forEach(
                                node ->
                                        runtime.assume(
                                                node.path(),
                                                node.mode(),
                                                node.major(),
                                                node.minor()));
            }
        }
        plan.run(
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
                                        step.actor().word(), step.title(), step.field(), calls));
                    }
                });
        calls.clear();
        if (bundle.spec().process().isPresent()) {
            String program = bundle.spec().process().get().args().get(0);
            context.executableIs(context.executable().isEmpty() ? program : context.executable());
            ProgramStart.of(bundle.spec().process().get(), bundle.spec().linux().seccomp())
                    .submit(context.init(), context);
            String title = "limit what it may use and call, and become " + program;
            explained.add(new ExplainOperation("init", title, "process", calls));
            calls.clear();
            if (state.listener()) {
                explained.add(handOver(bundle.spec(), context, state, calls));
            }
        }
        return explained;
    }

    /** What the runtime does while init waits in the middle of its last calls. */
    private static ExplainOperation handOver(
            Spec spec, SetupContext context, State state, List<String> calls) {
        try (ListenerHandOver listener = ListenerHandOver.to(context.runtime(), spec)) {
            Fd control = Fd.of(context.runtime(), 0, "init");
            OciState told = state.oci(Status.CREATING.word(), context.initPid(), "");
            listener.handOver(told, context.initPid(), control);
        }
        String path = spec.linux().seccomp().orElseThrow().listenerPath().orElseThrow();
        return new ExplainOperation(
                "runtime",
                "hand the descriptor of the system calls to " + path,
                "linux.seccomp.listenerPath",
                calls);
    }

    private record PaperSpawner(DryRunKernel runtime) implements SetupContext.Spawner {
        @Override
        public SetupContext.Spawned spawn(String processName) {
            return new SetupContext.Spawned(runtime.beside(processName), STAGE_PID);
        }

        @Override
        public void reap(int pid) {}

        @Override
        public void initIs(int pid) {}

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
