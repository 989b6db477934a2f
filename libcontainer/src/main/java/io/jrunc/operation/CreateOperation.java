// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.console.ConsoleSocket;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.GuardedAnnotations;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.container.model.Streams;
import io.jrunc.credentials.CapabilitySets;
import io.jrunc.host.Host;
import io.jrunc.host.UserNamespaceSwitches;
import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.lsm.PendingProfile;
import io.jrunc.process.JoinKeyring;
import io.jrunc.resctrl.ResctrlGroup;
import io.jrunc.rootfs.DeniedAccess;
import io.jrunc.rootfs.RootfsSteps;
import io.jrunc.setup.Phase;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import io.jrunc.state.InitProcess;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import io.jrunc.state.StateRoot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes one container. Whatever goes wrong, nothing of it remains. */
public final class CreateOperation {
    private static final int BACKLOG = 1;

    private final Kernel kernel;
    private final ProcessSpawner spawner;
    private final Bundle bundle;
    private final Host host;
    private final CgroupSetup cgroups;
    private final CreateOptions options;
    private final SetupContext context;
    private final StateDirectory directory;
    private final Optional<String> pidfdReceiver;
    private State state;

    /** Claims {@code id} and knows what is to be, before anything of it exists. */
    public CreateOperation(
            Kernel kernel,
            ProcessSpawner spawner,
            Bundle bundle,
            Host host,
            CgroupSetup cgroups,
            CreateOptions options,
            StateRoot root,
            String id) {
        this.kernel = options.watcher().watch(kernel, "runtime");
        this.spawner = spawner;
        this.bundle = bundle.heeding(spawner);
        this.host = host;
        this.cgroups = cgroups;
        this.options = options;
        this.context =
                new SetupContext(
                        this.kernel,
                        new WatchedSpawner(
                                spawner,
                                options.watcher(),
                                options.inheritedDescriptors(),
                                options.streams(),
                                rollback -> spawner.setCleanup(rollback::submit)));
        String keyring =
                options.noNewKeyring()
                        ? ""
                        : JoinKeyring.nameFor(id, this.kernel.credentials().randomName());
        state = stateOf(this.kernel, id, this.bundle, host, cgroups, keyring);
        if (state.resctrl().isPresent()) {
            state.resctrl().get().requireFree(this.kernel);
        }
        pidfdReceiver = heedAnnotations();
        directory =
                CreateRollback.claim(
                        this.kernel, spawner, context, cgroups, state, bundle.spec().hooks(), root);
    }

    /** Makes a container whose init waits to be started. */
    public CreatedContainer create() {
        try {
            ContainerPlan plan = build();
            waitForStart(plan);
            return made(Optional.empty());
        } catch (RuntimeException f) {
            throw context.rollback().undo(explained(f));
        }
    }

    /** Makes a container and starts it at once. */
    public CreatedContainer run() {
        try {
            ContainerPlan plan = build();
            Optional<Fd> readiness = Optional.empty();
            if (options.reportsReadiness()) {
                readiness = ReadinessSocket.bind(kernel, directory);
                context.rollback().push(readiness.orElseThrow()::close);
            }
            start(plan);
            return made(readiness);
        } catch (RuntimeException f) {
            throw context.rollback().undo(explained(f));
        }
    }

    private void start(ContainerPlan plan) {
        try (ExecCheck check = ExecCheck.of(kernel, context.initPid())) {
            plan.steps().play(context, options.watcher(), Phase.START_HOOKS, Phase.EXEC);
            check.requireProgram();
        }
        requireMemory();
        plan.steps().play(context, options.watcher(), Phase.POSTSTART, Phase.POSTSTART);
    }

    /** Reports it, unless the caller waits for the container and gets its exit status, 137. */
    private void requireMemory() {
        if (!options.foreground()) {
            shortage()
                    .ended(state.initPid())
                    .ifPresent(
                            failure -> {
                                throw failure;
                            });
        }
    }

    private RuntimeException explained(RuntimeException failure) {
        RuntimeException explained = shortage().explained(failure);
        // Asked first: where descriptors have run out, no further class can be read from the jar.
        if (explained instanceof Failure f && f.getMessage().contains("execve")) {
            explained = DeniedExecve.explained(f, bundle.spec());
        }
        if (explained instanceof Failure f && bundle.spec().linux().creates(NamespaceType.USER)) {
            explained = UserNamespaceSwitches.ofThisHost().explained(f);
        }
        if (explained instanceof Failure f && f.is(Errno.EACCES)) {
            Spec spec = bundle.spec();
            int init = context.hasInit() ? context.initPid() : 0;
            return new DeniedAccess(kernel, spec, state.rootfs(), init, false)
                    .explained(f, spec.process());
        }
        return explained;
    }

    private OomDetector shortage() {
        return OomDetector.ofInit(kernel, state, bundle::spec);
    }

    private CreatedContainer made(Optional<Fd> readiness) {
        Optional<ProcessGuard> guard =
                spawner.endsContainers()
                        ? Optional.of(ProcessGuard.over(state, directory))
                        : Optional.empty();
        context.rollback().keep();
        options.streams().ifPresent(Streams::areGiven);
        directory.release();
        return new CreatedContainer(directory, state, context.terminal(), readiness, guard);
    }

    /** Returns the path of the socket that is to receive a pidfd of init. */
    private Optional<String> heedAnnotations() {
        if (state.annotations().isEmpty()) {
            return Optional.empty();
        }
        GuardedAnnotations guarded = new GuardedAnnotations(state.annotations(), spawner);
        if (guarded.keepsGroups()) {
            context.keepGroups();
        }
        return guarded.pidfdReceiver();
    }

    /** What there is to remember of a container that is about to be made. */
    static State stateOf(
            Kernel kernel,
            String id,
            Bundle bundle,
            Host host,
            CgroupSetup cgroups,
            String keyring) {
        Spec spec = bundle.spec();
        Map<String, String> cgroupPaths = new LinkedHashMap<>();
        for (Cgroup cgroup : cgroups.cgroups()) {
            cgroupPaths.put(cgroup.key(), cgroup.directory());
        }
        Optional<ResctrlGroup> resctrl = Optional.empty();
        if (spec.linux().intelRdt().isPresent()) {
            resctrl =
                    Optional.of(
                            ResctrlGroup.of(
                                    kernel, host.resctrl(), spec.linux().intelRdt().get(), id));
        }
        Optional<Namespace> pids = spec.linux().namespace(NamespaceType.PID);
        return new State.Builder()
                .id(id)
                .created(Instant.now().toString())
                .bundle(bundle.directory())
                .rootfs(RootfsSteps.rootPath(spec, bundle.directory()))
                .annotations(spec.annotations())
                .cgroups(cgroupPaths)
                .unit(cgroups.unit())
                .resctrl(resctrl)
                .privatePids(pids.isPresent() && pids.get().path().isEmpty())
                .keyring(keyring)
                .home("/")
                .hooks(!spec.hooks().equals(Hooks.NONE))
                .listener(
                        spec.linux().seccomp().isPresent()
                                && spec.linux().seccomp().get().notifies())
                .apparmorProfile(spec.process().map(PendingProfile::of).orElse(""))
                .build();
    }

    private ContainerPlan build() {
        spawner.setCleanup(context.rollback()::submit);
        directory.write(StateDirectory.STATE, state.toJson());
        directory.write(StateDirectory.CONFIG, bundle.config());
        new SharedMounts(kernel, directory, state.rootfs()).prepare(bundle.spec());
        if (options.reportsReadiness()) {
            ReadinessSocket.prepare(directory);
        }
        ContainerPlan plan =
                ContainerPlan.of(
                        bundle.spec(), state, cgroups, options, host.facts().lastCapability());
        plan.steps().play(context, options.watcher(), Phase.CGROUPS, Phase.PRIVILEGES);
        InitProcess init = InitProcess.of(kernel, context.initPid());
        state =
                state.withInit(init, context.program().home())
                        .withCgroups(context.cgroups().directories());
        directory.write(StateDirectory.STATE, state.toJson());
        directory.write(StateDirectory.STATE_COPY, state.toJson());
        context.endStage();
        if (options.pidFile().isPresent()) {
            PidFile.write(spawner.caller(), options.pidFile().get(), init.pid());
        }
        options.pidfdSocket()
                .ifPresent(
                        path -> PidfdSocket.send(spawner.caller(), path, init.pid(), "standard"));
        pidfdReceiver.ifPresent(
                path -> PidfdSocket.send(spawner.caller(), path, init.pid(), PidfdSocket.CRUNS));
        if (context.terminal().isPresent() && options.consoleSocket().isPresent()) {
            String path = options.consoleSocket().get();
            ConsoleSocket.send(spawner.caller(), path, context.terminal().get());
        }
        return plan;
    }

    /** Absent with startContainer hooks: what starts a hook need not be allowed by the profile. */
    private Optional<CapabilitySets> capabilitiesWhileWaiting() {
        if (!bundle.spec().hooks().startContainer().isEmpty()) {
            return Optional.empty();
        }
        int last = host.facts().lastCapability();
        return bundle.spec().process().map(process -> CapabilitySets.of(process, last));
    }

    /**
     * Leaves init in accept(2) on a socket in the state directory. The start command connects, and
     * sends the batch that is computed now.
     */
    private void waitForStart(ContainerPlan plan) {
        Kernel init = context.init();
        Fd inherited;
        try (Fd listening = kernel.sockets().unixStream(StateDirectory.CONTROL)) {
            kernel.sockets().bind(listening, directory.socketPath(StateDirectory.CONTROL));
            directory.allow(StateDirectory.CONTROL, StateDirectory.FILE_MODE);
            kernel.sockets().listen(listening, BACKLOG);
            inherited = init.descriptors().duplicate(listening);
            init.flush();
        }
        if (plan.program().isPresent()) {
            byte[] calls = plan.program().get().record(context, capabilitiesWhileWaiting());
            directory.write(StateDirectory.START, calls);
        }
        init.leave(
                process -> {
                    Fd listening = Fd.of(process, inherited.number(), StateDirectory.CONTROL);
                    Fd peer = process.sockets().accept(listening);
                    listening.close();
                    new Call(process, ChildOp.TAKE_CONTROL, "", peer).submit();
                });
    }
}
