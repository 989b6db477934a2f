// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.cgroup.CreateCgroup;
import io.jrunc.cgroup.CreateDelegatedCgroup;
import io.jrunc.cgroup.DelegateCgroup;
import io.jrunc.cgroup.JoinCgroups;
import io.jrunc.cgroup.MoveStage;
import io.jrunc.cgroup.systemd.LimitTasks;
import io.jrunc.cgroup.systemd.StartUnit;
import io.jrunc.console.OpenTerminal;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.Status;
import io.jrunc.credentials.GiveUpPrivileges;
import io.jrunc.hook.HookKind;
import io.jrunc.hook.RunHooks;
import io.jrunc.linux.Failure;
import io.jrunc.lsm.LabelSteps;
import io.jrunc.namespace.SetNames;
import io.jrunc.network.MoveNetDevices;
import io.jrunc.process.BecomeProgram;
import io.jrunc.process.CheckFilterFlags;
import io.jrunc.process.JoinKeyring;
import io.jrunc.process.MachineSteps;
import io.jrunc.process.ProcessSteps;
import io.jrunc.process.ProgramStart;
import io.jrunc.resctrl.CreateResctrlGroup;
import io.jrunc.resctrl.JoinResctrlGroup;
import io.jrunc.rootfs.OpenInterpreter;
import io.jrunc.setup.Step;
import io.jrunc.spec.Linux;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import io.jrunc.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides which steps a container needs; {@link ContainerPlan} decides when they are taken. */
final class ContainerSteps {
    /** Processes that are not the container's may have every capability. */
    private static final long ANY_CAPABILITY = -1;

    private final Spec spec;
    private final Linux linux;
    private final Optional<ProcessSpec> process;
    private final State state;
    private final CgroupSetup cgroups;
    private final CreateOptions options;
    private final int lastCapability;

    ContainerSteps(
            Spec spec,
            State state,
            CgroupSetup cgroups,
            CreateOptions options,
            int lastCapability) {
        this.spec = spec;
        this.linux = spec.linux();
        this.process = spec.process();
        this.state = state;
        this.cgroups = cgroups;
        this.options = options;
        this.lastCapability = lastCapability;
    }

    /** Throws what is wrong with the specification as a whole. */
    void refuseWhatCannotBe() {
        if (spec.root().isEmpty()) {
            throw Failure.invalid(
                    "root", "is missing", "name the root file system: {\"path\": \"rootfs\"}");
        }
        if (linux.namespace(NamespaceType.MOUNT).isEmpty()) {
            refuseWhatNeedsAMountNamespace();
        }
    }

    /** What would change the host's mounts, not only add to them. As in runc. */
    private void refuseWhatNeedsAMountNamespace() {
        String field =
                !linux.maskedPaths().isEmpty()
                        ? "linux.maskedPaths"
                        : !linux.readonlyPaths().isEmpty()
                                ? "linux.readonlyPaths"
                                : linux.rootfsPropagation().isPresent()
                                        ? "linux.rootfsPropagation"
                                        : "";
        if (!field.isEmpty()) {
            throw Failure.invalid(
                    field,
                    "needs a mount namespace, else it would change the host's mounts",
                    "add {\"type\": \"mount\"} to linux.namespaces, or remove it");
        }
    }

    /** Empty with systemd, which makes them with the unit. */
    List<Step> createCgroups() {
        return cgroups.unit().isEmpty() ? createCgroups(cgroups.resources()) : List.of();
    }

    private List<Step> createCgroups(Resources resources) {
        List<Step> steps = new ArrayList<>();
        for (Cgroup cgroup : cgroups.cgroups()) {
            steps.add(
                    new CreateCgroup(
                            cgroup,
                            resources,
                            cgroups.v1Controllers(),
                            cgroups.inUserNamespace(),
                            cgroups.rootless(),
                            cgroups.named()));
        }
        if (cgroups.delegated().isPresent()) {
            Cgroup unified = cgroups.unified().orElseThrow();
            steps.add(new CreateDelegatedCgroup(unified, cgroups.delegated().get()));
        }
        DelegateCgroup.of(spec, cgroups).ifPresent(steps::add);
        return steps;
    }

    /** Has systemd make the unit, and then makes and limits what systemd does not. */
    List<Step> startUnit() {
        if (cgroups.unit().isEmpty()) {
            return List.of();
        }
        Resources resources = StartUnit.withStage(cgroups);
        String path = cgroups.unitPath();
        List<Step> steps = new ArrayList<>();
        steps.add(
                new StartUnit(
                        cgroups.unit().get(),
                        path,
                        spec.annotations(),
                        resources,
                        cgroups.isPureV2()));
        MoveStage.of(cgroups).ifPresent(steps::add);
        steps.addAll(createCgroups(resources));
        return steps;
    }

    Optional<Step> createResctrlGroup() {
        return state.resctrl()
                .map(group -> new CreateResctrlGroup(group, linux.intelRdt().orElseThrow()));
    }

    Optional<Step> joinResctrlGroup() {
        return state.resctrl().map(JoinResctrlGroup::new);
    }

    Optional<Step> setOomScore() {
        return process.flatMap(ProcessSteps::oomScore);
    }

    List<Step> tryLabels() {
        return LabelSteps.trying(process, linux.mountLabel());
    }

    Optional<Step> joinKeyring() {
        if (state.keyring().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> label = process.flatMap(ProcessSpec::selinuxLabel);
        boolean userNamespace = linux.creates(NamespaceType.USER);
        return Optional.of(new JoinKeyring(state.keyring(), userNamespace, label));
    }

    Optional<Step> moveNetDevices() {
        return linux.netDevices().isEmpty()
                ? Optional.empty()
                : Optional.of(new MoveNetDevices(linux.netDevices()));
    }

    /** Opens the host's program that a handler has chosen. */
    Optional<Step> openInterpreter() {
        if (process.isEmpty() || process.get().interpreter().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new OpenInterpreter(process.get().interpreter().get()));
    }

    /** The hooks that run while the container is being made. */
    Optional<Step> hooks(HookKind kind) {
        String directory = kind == HookKind.CREATE_CONTAINER ? state.rootfs() : state.bundle();
        return RunHooks.of(
                kind, spec.hooks(), directory, state.oci(kind.status(), 0, ""), Optional.empty());
    }

    Optional<Step> openTerminal() {
        if (process.isEmpty() || !process.get().terminal()) {
            return Optional.empty();
        }
        return Optional.of(
                new OpenTerminal(process.get().consoleSize(), true, options.foreground()));
    }

    Optional<Step> setNames() {
        return spec.hostname().isPresent() || spec.domainname().isPresent()
                ? Optional.of(new SetNames(spec.hostname(), spec.domainname()))
                : Optional.empty();
    }

    List<Step> lookUpProgram() {
        return process.isPresent()
                ? ProcessSteps.of(process.get(), options.givesPipes())
                : List.of();
    }

    List<Step> checkFilterFlags() {
        return process.isPresent() && linux.seccomp().isPresent()
                ? CheckFilterFlags.of(linux.seccomp().get())
                : List.of();
    }

    Optional<Step> joinCgroups() {
        boolean newNamespace = linux.creates(NamespaceType.CGROUP);
        return cgroups.cgroups().isEmpty() && !newNamespace
                ? Optional.empty()
                : Optional.of(new JoinCgroups(newNamespace));
    }

    /** The stage has left: the unit needs no room for it any more. */
    Optional<Step> limitTasks() {
        if (cgroups.unit().isEmpty() || !LimitTasks.isNeeded(cgroups.resources())) {
            return Optional.empty();
        }
        Cgroup cgroup = cgroups.controlling("pids").orElseThrow();
        return Optional.of(new LimitTasks(cgroups.unit().get(), cgroup, 1));
    }

    List<Step> placeOnMachine() {
        return MachineSteps.of(process, linux);
    }

    List<Step> setLabels() {
        return LabelSteps.setting(process);
    }

    Optional<Step> giveUpPrivileges() {
        if (process.isEmpty()) {
            return Optional.empty();
        }
        long neighbours = linux.creates(NamespaceType.PID) ? 0 : ANY_CAPABILITY;
        return Optional.of(
                GiveUpPrivileges.of(process.get(), linux.seccomp(), lastCapability, neighbours));
    }

    Optional<BecomeProgram> becomeProgram() {
        if (process.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new BecomeProgram(
                        ProgramStart.of(process.get(), linux.seccomp()),
                        options.activation(),
                        linux.seccomp().filter(profile -> profile.notifies()),
                        state.oci(Status.CREATING.word(), 0, "")));
    }
}
