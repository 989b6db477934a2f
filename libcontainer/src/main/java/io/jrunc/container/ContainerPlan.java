package io.jrunc.container;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.cgroup.CreateCgroup;
import io.jrunc.cgroup.DelegateCgroup;
import io.jrunc.cgroup.JoinCgroups;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.cgroup.systemd.LimitTasks;
import io.jrunc.cgroup.systemd.StartUnit;
import io.jrunc.console.OpenTerminal;
import io.jrunc.credentials.GiveUpPrivileges;
import io.jrunc.hook.HookKind;
import io.jrunc.hook.RunHooks;
import io.jrunc.linux.Failure;
import io.jrunc.lsm.LabelSteps;
import io.jrunc.namespace.SetNames;
import io.jrunc.namespace.StageSteps;
import io.jrunc.namespace.StartStage;
import io.jrunc.network.MoveNetDevices;
import io.jrunc.process.CheckFilterFlags;
import io.jrunc.process.JoinKeyring;
import io.jrunc.process.MachineSteps;
import io.jrunc.process.ProcessSteps;
import io.jrunc.resctrl.CreateResctrlGroup;
import io.jrunc.resctrl.JoinResctrlGroup;
import io.jrunc.rootfs.PivotRoot;
import io.jrunc.rootfs.RootfsSteps;
import io.jrunc.setup.Plan;
import io.jrunc.setup.Step;
import io.jrunc.spec.Hook;
import io.jrunc.spec.IntelRdt;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import io.jrunc.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts the steps that make a container into kernel order. Touches nothing. */
public final class ContainerPlan {
    /** Processes that are not the container's may have every capability. */
    private static final long ANY_CAPABILITY = -1;

    private final Spec spec;
    private final State state;
    private final CgroupSetup cgroups;
    private final CreateOptions options;
    private final int lastCapability;
    private final List<Step> steps = new ArrayList<>();

    private ContainerPlan(
            Spec spec,
            State state,
            CgroupSetup cgroups,
            CreateOptions options,
            int lastCapability) {
        this.spec = spec;
        this.state = state;
        this.cgroups = cgroups;
        this.options = options;
        this.lastCapability = lastCapability;
    }

    /**
     * The steps up to a container that only waits to be started.
     *
     * @param lastCapability the highest that the kernel knows
     */
    static Plan plan(
            Spec spec,
            State state,
            CgroupSetup cgroups,
            CreateOptions options,
            int lastCapability) {
        return new ContainerPlan(spec, state, cgroups, options, lastCapability).build();
    }

    private Plan build() {
        requireRoot();
        if (spec.linux().namespace(NamespaceType.MOUNT).isEmpty()) {
            refuseWhatNeedsAMountNamespace();
        }
        if (cgroups.unit().isEmpty()) {
            addCgroups(cgroups.resources());
        }
        if (state.resctrl().isPresent()) {
            IntelRdt rdt = spec.linux().intelRdt().orElseThrow();
            steps.add(new CreateResctrlGroup(state.resctrl().get(), rdt));
        }
        for (Step step : StageSteps.of(spec)) {
            steps.add(step);
            if (step instanceof StartStage && cgroups.unit().isPresent()) {
                addUnit(cgroups.unit().get());
            }
        }
        if (state.resctrl().isPresent()) {
            steps.add(new JoinResctrlGroup(state.resctrl().get()));
        }
        if (isLabelled() || spec.linux().mountLabel().isPresent()) {
            steps.addAll(LabelSteps.trying(spec.process(), spec.linux().mountLabel()));
        }
        boolean userNamespace = creates(NamespaceType.USER);
        if (!state.keyring().isEmpty()) {
            steps.add(new JoinKeyring(state.keyring(), userNamespace, selinuxLabel()));
        }
        addFileSystem(userNamespace);
        if (spec.process().isPresent()) {
            steps.addAll(ProcessSteps.of(spec.process().get(), options.givesPipes()));
            spec.linux().seccomp().ifPresent(p -> steps.addAll(CheckFilterFlags.of(p)));
        }
        if (!cgroups.cgroups().isEmpty() || creates(NamespaceType.CGROUP)) {
            steps.add(new JoinCgroups(creates(NamespaceType.CGROUP)));
        }
        if (cgroups.unit().isPresent() && LimitTasks.isNeeded(cgroups.resources())) {
            Cgroup pids = cgroups.controlling("pids");
            steps.add(new LimitTasks(cgroups.unit().get(), pids));
        }
        steps.addAll(MachineSteps.of(spec.process(), spec.linux()));
        if (isLabelled()) {
            steps.addAll(LabelSteps.setting(spec.process()));
        }
        if (spec.process().isPresent()) {
            steps.add(
                    GiveUpPrivileges.of(
                            spec.process().get(),
                            spec.linux().seccomp(),
                            lastCapability,
                            creates(NamespaceType.PID) ? 0 : ANY_CAPABILITY));
        }
        return new Plan(steps);
    }

    private void addCgroups(Resources resources) {
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
        DelegateCgroup.of(spec, cgroups).ifPresent(steps::add);
    }

    /** The stage is the process that the unit needs; what systemd cannot limit is done next. */
    private void addUnit(SystemdUnit unit) {
        Resources resources = StartUnit.withStage(cgroups);
        String path = cgroups.cgroups().get(0).path();
        steps.add(new StartUnit(unit, path, spec.annotations(), resources, cgroups.isPureV2()));
        addCgroups(resources);
    }

    /** The names before the system controls, one of which is the domain's name. */
    private void addFileSystem(boolean userNamespace) {
        for (Step step : fileSystemSteps(userNamespace)) {
            if (step instanceof PivotRoot) {
                addNetDevices();
                addHooks(HookKind.PRESTART, state.bundle());
                addHooks(HookKind.CREATE_RUNTIME, state.bundle());
                addHooks(HookKind.CREATE_CONTAINER, state.rootfs());
                if (isTerminal()) {
                    steps.add(
                            new OpenTerminal(
                                    spec.process().orElseThrow().consoleSize(),
                                    true,
                                    options.foreground()));
                }
            }
            steps.add(step);
            if (step instanceof PivotRoot
                    && (spec.hostname().isPresent() || spec.domainname().isPresent())) {
                steps.add(new SetNames(spec.hostname(), spec.domainname()));
            }
        }
    }

    /** Late, so that little can go wrong afterwards, but hooks and system controls find them. */
    private void addNetDevices() {
        if (!spec.linux().netDevices().isEmpty()) {
            steps.add(new MoveNetDevices(spec.linux().netDevices()));
        }
    }

    private List<Step> fileSystemSteps(boolean userNamespace) {
        return RootfsSteps.of(spec, state.bundle(), cgroups, userNamespace, options.noPivot());
    }

    /** The mounts are there, the host's files still are, too. */
    private void addHooks(HookKind kind, String directory) {
        List<Hook> hooks = kind.of(spec.hooks());
        if (!hooks.isEmpty()) {
            OciState told = state.oci(kind.status(), 0, "");
            steps.add(new RunHooks(kind, hooks, directory, told));
        }
    }

    private boolean isLabelled() {
        return spec.process().isPresent() && spec.process().get().isLabelled();
    }

    private Optional<String> selinuxLabel() {
        return spec.process().isPresent() ? spec.process().get().selinuxLabel() : Optional.empty();
    }

    private boolean isTerminal() {
        return spec.process().isPresent() && spec.process().get().terminal();
    }

    private void requireRoot() {
        if (spec.root().isEmpty()) {
            throw Failure.invalid(
                    "root", "is missing", "name the root file system: {\"path\": \"rootfs\"}");
        }
    }

    /** What would change the host's mounts, not only add to them. As in runc. */
    private void refuseWhatNeedsAMountNamespace() {
        Linux linux = spec.linux();
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

    private boolean creates(NamespaceType type) {
        Optional<Namespace> namespace = spec.linux().namespace(type);
        return namespace.isPresent() && namespace.get().path().isEmpty();
    }
}
