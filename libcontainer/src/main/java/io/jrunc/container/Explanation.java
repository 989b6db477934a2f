package io.jrunc.container;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.linux.DryRunKernel;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OneLine;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.plan.Plan;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import io.jrunc.process.JoinKeyring;
import io.jrunc.process.ProgramStart;
import io.jrunc.rootfs.CreateDevices;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of making a container, in words, and the system calls that it would make.
 *
 * @param actor which process
 * @param field of {@code config.json} that causes the step; "always" if none does
 * @param calls as strace(1) would print them
 */
public record Explanation(String actor, String title, String field, List<String> calls) {
    private static final int STAGE_PID = 4241;

    public Explanation {
        // A bundle may be explained because nobody trusts it.
        title = OneLine.clean(title);
        field = OneLine.clean(field);
        calls = calls.stream().map(OneLine::clean).toList();
    }

    /** What run would do for {@code bundle}: the real steps, taken on paper. */
    public static List<Explanation> of(String id, Bundle bundle, Host host, CgroupManager manager) {
        CgroupSetup cgroups = manager.place(host.hierarchies(), bundle.spec().linux(), id);
        List<String> calls = new ArrayList<>();
        DryRunKernel runtime = new DryRunKernel("runtime", calls::add);
        Scene scene = new Scene(runtime, new PaperSpawner(runtime));
        State state =
                Creation.stateOf(
                        LocalKernel.get(),
                        id,
                        bundle,
                        host,
                        cgroups,
                        JoinKeyring.nameFor(id, "<random>"));
        List<Explanation> explained = new ArrayList<>();
        Plan plan =
                Planner.plan(
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
                scene,
                new Plan.Listener() {
                    @Override
                    public void before(Step step) {
                        calls.clear();
                    }

                    @Override
                    public void after(Step step, long micros) {
                        explained.add(
                                new Explanation(
                                        step.actor().word(), step.title(), step.field(), calls));
                    }
                });
        calls.clear();
        if (bundle.spec().process().isPresent()) {
            String program = bundle.spec().process().get().args().get(0);
            scene.executableIs(scene.executable().isEmpty() ? program : scene.executable());
            ProgramStart.of(bundle.spec().process().get(), bundle.spec().linux().seccomp())
                    .submit(scene.init(), scene);
            String title = "limit what it may use and call, and become " + program;
            explained.add(new Explanation("init", title, "process", calls));
            calls.clear();
            if (state.listener()) {
                explained.add(handOver(bundle.spec(), scene, state, calls));
            }
        }
        return explained;
    }

    /** What the runtime does while init waits in the middle of its last calls. */
    private static Explanation handOver(Spec spec, Scene scene, State state, List<String> calls) {
        try (ListenerHandOver listener = ListenerHandOver.to(scene.runtime(), spec)) {
            Fd control = Fd.of(scene.runtime(), 0, "init");
            OciState told = state.oci(Status.CREATING.word(), scene.initPid(), "");
            listener.handOver(told, scene.initPid(), control);
        }
        String path = spec.linux().seccomp().orElseThrow().listenerPath().orElseThrow();
        return new Explanation(
                "runtime",
                "hand the descriptor of the system calls to " + path,
                "linux.seccomp.listenerPath",
                calls);
    }

    private record PaperSpawner(DryRunKernel runtime) implements Scene.Spawner {
        @Override
        public Scene.Spawned spawn(String who) {
            return new Scene.Spawned(runtime.beside(who), STAGE_PID);
        }

        @Override
        public void reap(int pid) {}

        @Override
        public void initIs(int pid) {}

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
