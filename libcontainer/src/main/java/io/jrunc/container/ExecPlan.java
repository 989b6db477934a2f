package io.jrunc.container;

import io.jrunc.cgroup.JoinCgroups;
import io.jrunc.cgroup.OpenCgroups;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.cgroup.systemd.AttachToUnit;
import io.jrunc.console.OpenTerminal;
import io.jrunc.credentials.GiveUpPrivileges;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.lsm.LabelSteps;
import io.jrunc.namespace.CreateInit;
import io.jrunc.namespace.JoinCgroupNamespace;
import io.jrunc.namespace.JoinNamespaces;
import io.jrunc.namespace.StartStage;
import io.jrunc.process.JoinKeyring;
import io.jrunc.process.MachineSteps;
import io.jrunc.process.ProcessSteps;
import io.jrunc.process.SetAffinity;
import io.jrunc.process.SetOomScore;
import io.jrunc.resctrl.JoinResctrlGroup;
import io.jrunc.rootfs.EnterRoot;
import io.jrunc.setup.Plan;
import io.jrunc.setup.Step;
import io.jrunc.spec.ExecCpuAffinity;
import io.jrunc.spec.Linux;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts the steps that bring a further process into a container into kernel order. */
final class ExecPlan {
    private ExecPlan() {}

    /**
     * The steps up to a process that only needs its last calls, {@code ProgramStart}.
     *
     * @param namespaces of the container, that are not the runtime's own
     * @param root of init, if its mount namespace is the runtime's own; else null
     * @param last takes what the program may not have
     * @param unit whose systemd must be asked to let processes in; absent: the kernel lets us
     */
    static Plan plan(
            State state,
            Linux linux,
            ProcessSpec process,
            List<JoinNamespaces.Joined> namespaces,
            Fd root,
            OpenCgroups cgroups,
            GiveUpPrivileges last,
            Optional<SystemdUnit> unit,
            ExecOptions options) {
        List<Step> steps = new ArrayList<>();
        ExecCpuAffinity affinity = process.execCpuAffinity().orElse(ExecCpuAffinity.NONE);
        steps.add(cgroups);
        steps.add(new StartStage());
        unit.ifPresent(one -> steps.add(new AttachToUnit(one)));
        affinity.initialCpus().ifPresent(cpus -> steps.add(new SetAffinity(cpus, true)));
        if (process.oomScoreAdj().isPresent()) {
            steps.add(new SetOomScore(process.oomScoreAdj().getAsInt()));
        }
        boolean userNamespace = joins(namespaces, CloneFlag.NEWUSER);
        List<JoinNamespaces.Joined> byStage = new ArrayList<>(namespaces);
        List<JoinNamespaces.Joined> byInit = new ArrayList<>();
        if (!userNamespace) {
            byStage.removeIf(namespace -> namespace.type() == CloneFlag.NEWCGROUP);
            byInit.addAll(namespaces);
            byInit.removeAll(byStage);
        }
        if (!byStage.isEmpty()) {
            steps.add(new JoinNamespaces(byStage));
        }
        steps.add(new CreateInit(Set.of(), userNamespace));
        byInit.forEach(namespace -> steps.add(new JoinCgroupNamespace(namespace)));
        if (process.isLabelled()) {
            steps.addAll(LabelSteps.trying(Optional.of(process), Optional.empty()));
        }
        if (!state.keyring().isEmpty()) {
            steps.add(new JoinKeyring(state.keyring(), userNamespace, process.selinuxLabel()));
        }
        steps.add(new EnterRoot(root));
        if (process.terminal()) {
            steps.add(new OpenTerminal(process.consoleSize(), false, options.foreground()));
        }
        steps.addAll(ProcessSteps.of(process, options.givesPipes()));
        steps.add(new JoinCgroups(false));
        state.resctrl().ifPresent(group -> steps.add(new JoinResctrlGroup(group)));
        steps.addAll(MachineSteps.of(Optional.of(process), linux));
        affinity.finalCpus().ifPresent(cpus -> steps.add(new SetAffinity(cpus, false)));
        if (process.isLabelled()) {
            steps.addAll(LabelSteps.setting(Optional.of(process)));
        }
        steps.add(last);
        return new Plan(steps);
    }

    private static boolean joins(List<JoinNamespaces.Joined> namespaces, CloneFlag type) {
        return namespaces.stream().anyMatch(namespace -> namespace.type() == type);
    }
}
