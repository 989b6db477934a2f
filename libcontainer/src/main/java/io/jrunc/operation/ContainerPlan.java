// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import static io.jrunc.setup.Phase.CGROUPS;
import static io.jrunc.setup.Phase.EXEC;
import static io.jrunc.setup.Phase.HOOKS;
import static io.jrunc.setup.Phase.LABELS;
import static io.jrunc.setup.Phase.MOUNTS;
import static io.jrunc.setup.Phase.NAMESPACES;
import static io.jrunc.setup.Phase.PIVOT;
import static io.jrunc.setup.Phase.PLACE;
import static io.jrunc.setup.Phase.POSTSTART;
import static io.jrunc.setup.Phase.PRIVILEGES;
import static io.jrunc.setup.Phase.PROCESS;
import static io.jrunc.setup.Phase.RESTRICT;
import static io.jrunc.setup.Phase.START_HOOKS;

import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.hook.HookKind;
import io.jrunc.hook.RunHooks;
import io.jrunc.namespace.CreateInit;
import io.jrunc.namespace.NamespaceSteps;
import io.jrunc.namespace.StartStage;
import io.jrunc.process.BecomeProgram;
import io.jrunc.process.ProgramStart;
import io.jrunc.rootfs.RootfsSteps;
import io.jrunc.setup.Plan;
import io.jrunc.setup.Step;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.Spec;
import io.jrunc.state.State;
import java.util.Optional;

/**
 * How a container is made: the whole recipe, in kernel order, from the first call to the hooks that
 * follow the program's start. Each line says when and which step. Computes; changes nothing.
 *
 * <p>{@code create} takes the phases up to PRIVILEGES and stores the calls of EXEC; {@code start}
 * takes the phases from START_HOOKS on; {@code run} takes all; {@code explain} takes all on a
 * kernel that makes no call. The next file of a container's birth is {@link CreateInit}.
 *
 * @param steps all of them
 * @param program the step of phase EXEC; absent: there is none, and the container cannot be started
 */
record ContainerPlan(Plan steps, Optional<BecomeProgram> program) {
    /**
     * Returns the plan for a container.
     *
     * @param lastCapability the highest that the kernel knows
     */
    static ContainerPlan of(
            Spec spec,
            State state,
            CgroupSetup cgroups,
            CreateOptions options,
            int lastCapability) {
        ContainerSteps steps = new ContainerSteps(spec, state, cgroups, options, lastCapability);
        steps.refuseWhatCannotBe();
        Plan.Recipe plan = new Plan.Recipe();
        addNamespaces(plan, steps, new NamespaceSteps(spec));
        boolean noPivot = options.noPivot();
        addFileSystem(plan, steps, new RootfsSteps(spec, state.bundle(), cgroups, noPivot));
        addProcess(plan, steps);
        Optional<BecomeProgram> program = steps.becomeProgram();
        Optional<ProgramStart> limits = program.map(BecomeProgram::start);
        addStart(plan, state, spec.hooks(), limits, program);
        return new ContainerPlan(plan.build(), program);
    }

    private static void addNamespaces(
            Plan.Recipe plan, ContainerSteps steps, NamespaceSteps namespaces) {
        plan.add(CGROUPS, steps.createCgroups());
        plan.add(CGROUPS, steps.createResctrlGroup());
        plan.add(NAMESPACES, new StartStage());
        // systemd makes no unit without a process: it is the stage that becomes its first.
        plan.add(NAMESPACES, steps.startUnit());
        plan.add(NAMESPACES, steps.setOomScore());
        plan.add(NAMESPACES, namespaces.joinNamespaces());
        plan.add(NAMESPACES, namespaces.compareMappings());
        plan.add(NAMESPACES, namespaces.createUserNamespace());
        plan.add(NAMESPACES, namespaces.createTimeNamespace());
        // In a new pid namespace, init is the first process: the stage stays outside.
        plan.add(NAMESPACES, namespaces.createInit());
        plan.add(NAMESPACES, namespaces.joinCgroupNamespace());
        plan.add(NAMESPACES, namespaces.raiseLoopback());
        plan.add(NAMESPACES, namespaces.requireOtherNamespaces());
        plan.add(NAMESPACES, steps.joinResctrlGroup());
        // Before a file or a keyring gets a label that the kernel may not know.
        plan.add(LABELS, steps.tryLabels());
        plan.add(LABELS, steps.joinKeyring());
    }

    private static void addFileSystem(Plan.Recipe plan, ContainerSteps steps, RootfsSteps rootfs) {
        plan.add(MOUNTS, rootfs.prepareRoot());
        plan.add(MOUNTS, steps.openInterpreter());
        plan.add(MOUNTS, rootfs.openPrivateProc());
        plan.add(MOUNTS, rootfs.mounts());
        plan.add(MOUNTS, rootfs.devices());
        // Late, so that little can go wrong afterwards; but hooks and sysctls find the devices.
        plan.add(HOOKS, steps.moveNetDevices());
        // The mounts are there, and the host's files still are, too.
        plan.add(HOOKS, steps.hooks(HookKind.PRESTART));
        plan.add(HOOKS, steps.hooks(HookKind.CREATE_RUNTIME));
        plan.add(HOOKS, steps.hooks(HookKind.CREATE_CONTAINER));
        plan.add(HOOKS, steps.openTerminal());
        plan.add(PIVOT, rootfs.pivot());
        // The names before the sysctls, one of which is the domain's name.
        plan.add(PIVOT, steps.setNames());
        plan.add(PIVOT, rootfs.workingDirectory());
        // Devices and mount points are there: what they were made in can become read-only.
        plan.add(RESTRICT, rootfs.lateMounts());
        plan.add(RESTRICT, rootfs.readOnlyRoot());
        plan.add(RESTRICT, rootfs.sysctls());
        plan.add(RESTRICT, rootfs.readonlyPaths());
        plan.add(RESTRICT, rootfs.maskedPaths());
        // Last: of what is unbindable no part could be masked.
        plan.add(RESTRICT, rootfs.propagation());
    }

    private static void addProcess(Plan.Recipe plan, ContainerSteps steps) {
        plan.add(PROCESS, steps.lookUpProgram());
        plan.add(PROCESS, steps.checkFilterFlags());
        // Late: on v1, what the set-up needs is not charged to the container.
        plan.add(PLACE, steps.joinCgroups());
        plan.add(PLACE, steps.limitTasks());
        // In the container's cgroups, which have a say in it; the set-up need not obey it.
        plan.add(PLACE, steps.placeOnMachine());
        // When all that needs another process is done: a label may forbid it.
        plan.add(PRIVILEGES, steps.setLabels());
        // Last of create: what waits for its start has no right that the program will not have.
        plan.add(PRIVILEGES, steps.giveUpPrivileges());
    }

    /**
     * Adds what follows once the program is to run: the whole of "start".
     *
     * @param limits of the program, and so of the hooks that run in its place
     * @param program becomes it: computes its calls, or has them from create
     */
    private static void addStart(
            Plan.Recipe plan,
            State state,
            Hooks hooks,
            Optional<ProgramStart> limits,
            Optional<? extends Step> program) {
        plan.add(START_HOOKS, hooks(HookKind.START_CONTAINER, state, hooks, limits));
        plan.add(EXEC, program);
        plan.add(POSTSTART, hooks(HookKind.POSTSTART, state, hooks, Optional.empty()));
    }

    private static Optional<Step> hooks(
            HookKind kind, State state, Hooks hooks, Optional<ProgramStart> limits) {
        return RunHooks.of(kind, hooks, "", state.oci(kind.status(), 0, ""), limits);
    }

    /**
     * Returns the rest of the plan, for a container that create has made.
     *
     * @param spec that it was made from; absent: it has no hooks
     * @param program has init make the calls that create has stored
     */
    static Plan rest(State state, Optional<Spec> spec, Step program) {
        Plan.Recipe plan = new Plan.Recipe();
        Hooks hooks = spec.map(Spec::hooks).orElse(Hooks.NONE);
        Optional<ProgramStart> limits =
                hooks.startContainer().isEmpty()
                        ? Optional.empty()
                        : spec.map(ContainerPlan::limits);
        addStart(plan, state, hooks, limits, Optional.of(program));
        return plan.build();
    }

    private static ProgramStart limits(Spec spec) {
        return ProgramStart.of(spec.process().orElseThrow(), spec.linux().seccomp());
    }
}
