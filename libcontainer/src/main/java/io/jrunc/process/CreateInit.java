package io.jrunc.process;

import io.jrunc.linux.Call;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Flag;
import io.jrunc.linux.Kernel;
import io.jrunc.plan.Actor;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import java.util.EnumSet;
import java.util.Set;

/** Creates the container's first process, in its namespaces, as a child of the stage's parent. */
public record CreateInit(Set<CloneFlag> namespaces) implements Step {
    @Override
    public Actor actor() {
        return Actor.STAGE;
    }

    @Override
    public String title() {
        return namespaces.isEmpty()
                ? "create init"
                : "create init in new namespaces: " + Flag.names(namespaces);
    }

    @Override
    public String field() {
        return "linux.namespaces";
    }

    @Override
    public void apply(Scene scene) {
        Set<CloneFlag> flags = EnumSet.of(CloneFlag.PARENT);
        flags.addAll(namespaces);
        Fd cgroup = scene.unifiedCgroup();
        if (cgroup != null) {
            flags.add(CloneFlag.INTO_CGROUP);
        }
        Call clone = scene.stage().processes().cloneProcess(flags, cgroup);
        int pid = (int) clone.result();
        Kernel init = scene.stage().bornOf(clone, Actor.INIT.word());
        scene.initIs(init, pid);
        if (cgroup != null) {
            cgroup.close();
        }
        init.processes().newSession();
        init.processes().setName("jrunc:init");
    }
}
