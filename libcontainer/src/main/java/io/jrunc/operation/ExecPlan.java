// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import static io.jrunc.setup.Phase.CGROUPS;
import static io.jrunc.setup.Phase.EXEC;
import static io.jrunc.setup.Phase.LABELS;
import static io.jrunc.setup.Phase.NAMESPACES;
import static io.jrunc.setup.Phase.PIVOT;
import static io.jrunc.setup.Phase.PLACE;
import static io.jrunc.setup.Phase.PRIVILEGES;
import static io.jrunc.setup.Phase.PROCESS;

import io.jrunc.cgroup.JoinCgroups;
import io.jrunc.cgroup.OpenCgroups;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.cgroup.systemd.AttachToUnit;
import io.jrunc.console.OpenTerminal;
import io.jrunc.container.model.ExecOptions;
import io.jrunc.credentials.GiveUpPrivileges;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.lsm.LabelSteps;
import io.jrunc.namespace.CreateInit;
import io.jrunc.namespace.JoinCgroupNamespace;
import io.jrunc.namespace.JoinNamespaces;
import io.jrunc.namespace.StartStage;
import io.jrunc.process.BecomeProgram;
import io.jrunc.process.JoinKeyring;
import io.jrunc.process.MachineSteps;
import io.jrunc.process.ProcessSteps;
import io.jrunc.process.SetAffinity;
import io.jrunc.resctrl.JoinResctrlGroup;
import io.jrunc.rootfs.EnterRoot;
import io.jrunc.setup.Plan;
import io.jrunc.setup.Step;
import io.jrunc.spec.ExecCpuAffinity;
import io.jrunc.spec.Linux;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.state.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How a further process comes into a container: the whole recipe, in kernel order. It shares its
 * phases, and most of its steps, with {@link ContainerPlan}. Computes; changes nothing.
 */
final class ExecPlan {
    private ExecPlan() {}

    /**
     * Returns the plan for one process.
     *
     * @param namespaces of the container, that are not the runtime's own
     * @param root of init, if its mount namespace is the runtime's own
     * @param last takes what the program may not have
     * @param unit whose systemd must be asked to let processes in; absent: the kernel lets us
     */
    static Plan of(
            State state,
            Linux linux,
            ProcessSpec process,
            List<JoinNamespaces.Joined> namespaces,
            Optional<Fd> root,
            OpenCgroups cgroups,
            GiveUpPrivileges last,
            BecomeProgram program,
            Optional<SystemdUnit> unit,
            ExecOptions options) {
        boolean userNamespace = joins(namespaces, CloneFlag.NEWUSER);
        // Without a user namespace, init itself joins the cgroup namespace: the stage would lose
        // sight of the host's cgroups.
        Predicate<JoinNamespaces.Joined> byInit =
                namespace -> !userNamespace && namespace.type() == CloneFlag.NEWCGROUP;
        ExecCpuAffinity affinity = process.execCpuAffinity().orElse(ExecCpuAffinity.NONE);
        Plan.Recipe plan = new Plan.Recipe();
        plan.add(CGROUPS, cgroups);
        plan.add(NAMESPACES, new StartStage());
        plan.add(NAMESPACES, unit.map(made -> attach(made, cgroups)));
        plan.add(NAMESPACES, affinity.initialCpus().map(cpus -> new SetAffinity(cpus, true)));
        plan.add(NAMESPACES, ProcessSteps.oomScore(process));
        plan.add(NAMESPACES, join(namespaces.stream().filter(byInit.negate()).toList()));
        plan.add(NAMESPACES, new CreateInit(Set.of(), userNamespace));
        plan.add(
                NAMESPACES,
                namespaces.stream().filter(byInit).map(JoinCgroupNamespace::new).toList());
        plan.add(LABELS, LabelSteps.trying(Optional.of(process), Optional.empty()));
        plan.add(LABELS, joinKeyring(state, userNamespace, process));
        plan.add(PIVOT, new EnterRoot(root));
        plan.add(PROCESS, openTerminal(process, options));
        plan.add(PROCESS, ProcessSteps.of(process, options.givesPipes()));
        plan.add(PLACE, new JoinCgroups(false));
        plan.add(PLACE, state.resctrl().map(JoinResctrlGroup::new));
        plan.add(PLACE, MachineSteps.of(Optional.of(process), linux));
        plan.add(PLACE, affinity.finalCpus().map(cpus -> new SetAffinity(cpus, false)));
        plan.add(PRIVILEGES, LabelSteps.setting(Optional.of(process)));
        plan.add(PRIVILEGES, last);
        plan.add(EXEC, program);
        return plan.build();
    }

    private static boolean joins(List<JoinNamespaces.Joined> namespaces, CloneFlag type) {
        return namespaces.stream().anyMatch(namespace -> namespace.type() == type);
    }

    private static Optional<Step> join(List<JoinNamespaces.Joined> namespaces) {
        return namespaces.isEmpty()
                ? Optional.empty()
                : Optional.of(new JoinNamespaces(namespaces));
    }

    private static Optional<Step> joinKeyring(
            State state, boolean userNamespace, ProcessSpec process) {
        return state.keyring().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new JoinKeyring(state.keyring(), userNamespace, process.selinuxLabel()));
    }

    private static Optional<Step> openTerminal(ProcessSpec process, ExecOptions options) {
        return process.terminal()
                ? Optional.of(new OpenTerminal(process.consoleSize(), false, options.foreground()))
                : Optional.empty();
    }

    private static AttachToUnit attach(SystemdUnit unit, OpenCgroups cgroups) {
        return new AttachToUnit(unit, unit.below(cgroups.unified()));
    }
}
