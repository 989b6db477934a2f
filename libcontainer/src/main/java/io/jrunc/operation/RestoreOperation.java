// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.Cgroup;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.checkpoint.Criu;
import io.jrunc.checkpoint.CriuLog;
import io.jrunc.checkpoint.CriuOptions;
import io.jrunc.checkpoint.ExternalNamespaces;
import io.jrunc.checkpoint.ExternalStreams;
import io.jrunc.checkpoint.option.CriuFlag;
import io.jrunc.console.ConsoleSocket;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.container.model.RestoreOptions;
import io.jrunc.container.model.Streams;
import io.jrunc.hook.HookKind;
import io.jrunc.host.Host;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.namespace.StartStage;
import io.jrunc.process.JoinKeyring;
import io.jrunc.resctrl.JoinResctrlGroup;
import io.jrunc.setup.Phase;
import io.jrunc.setup.Plan;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import io.jrunc.state.InitProcess;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import io.jrunc.state.StateRoot;
import java.util.Optional;

/**
 * Has criu(8) make a container from an image. The stage becomes criu, so that the container's
 * processes are in its cgroups, and children of the launcher. If it fails, nothing remains.
 */
public final class RestoreOperation {
    private static final String LOG = "restore.log";

    /** The first number in criu for namespaces. */
    private static final int NAMESPACES = 80;

    private final Kernel kernel;
    private final ProcessSpawner spawner;
    private final Bundle bundle;
    private final Spec spec;
    private final CgroupSetup cgroups;
    private final RestoreOptions options;
    private final Host host;
    private final WatchedSpawner watched;
    private final SetupContext context;
    private final StateDirectory directory;
    private final String statePath;
    private State state;

    /** Claims {@code id}, before anything of the container exists. */
    public RestoreOperation(
            Kernel kernel,
            ProcessSpawner spawner,
            Bundle bundle,
            Host host,
            CgroupSetup cgroups,
            RestoreOptions options,
            StateRoot root,
            String id) {
        this.kernel = options.creation().watcher().watch(kernel, "runtime");
        this.spawner = spawner;
        this.bundle = bundle;
        this.spec = bundle.spec();
        this.cgroups = cgroups;
        this.options = options;
        this.host = host;
        this.watched =
                new WatchedSpawner(
                        spawner,
                        options.creation().watcher(),
                        0,
                        options.creation().streams(),
                        rollback -> spawner.setCleanup(rollback::submit));
        this.context = new SetupContext(this.kernel, watched);
        refuseWhatCannotBe();
        String keyring = JoinKeyring.nameFor(id, this.kernel.credentials().randomName());
        state = CreateOperation.stateOf(this.kernel, id, bundle, host, cgroups, keyring);
        statePath = root.path() + "/" + id;
        directory =
                CreateRollback.claim(
                        this.kernel, spawner, context, cgroups, state, spec.hooks(), root);
    }

    private void refuseWhatCannotBe() {
        if (spec.root().isEmpty() || spec.process().isEmpty()) {
            throw Failure.invalid(
                    spec.root().isEmpty() ? "root" : "process",
                    "is missing",
                    "restore with the config.json that the container was made from");
        }
        if (spec.linux().namespace(NamespaceType.MOUNT).isEmpty()) {
            throw Failure.unsupported(
                    "linux.namespaces",
                    "criu cannot restore a container without a mount namespace; add {\"type\":"
                            + " \"mount\"}");
        }
    }

    /** Restores it. */
    public CreatedContainer run() {
        try (CheckpointDirectories directories =
                CheckpointDirectories.open(kernel, options.image(), options.work())) {
            spawner.setCleanup(context.rollback()::submit);
            directory.write(StateDirectory.STATE, state.toJson());
            directory.write(StateDirectory.CONFIG, bundle.config());
            ReadinessSocket.prepare(directory);
            ExternalStreams streams = ExternalStreams.parse(directories.read(ExternalStreams.FILE));
            plan().play(context, options.creation().watcher());
            CriuOptions request = request(streams);
            RestoredInit init = restore(request, directories);
            return made(init);
        } catch (RuntimeException f) {
            throw context.rollback().undo(f);
        }
    }

    private Plan plan() {
        ContainerSteps steps =
                new ContainerSteps(
                        spec,
                        state,
                        cgroups.withoutTaskLimit(),
                        options.creation(),
                        host.facts().lastCapability());
        Plan.Recipe plan = new Plan.Recipe();
        plan.add(Phase.CGROUPS, steps.createCgroups());
        plan.add(Phase.CGROUPS, steps.createResctrlGroup());
        plan.add(Phase.NAMESPACES, new StartStage());
        plan.add(Phase.NAMESPACES, steps.startUnit());
        return plan.build();
    }

    private CriuOptions request(ExternalStreams streams) {
        CriuOptions request = new CriuOptions(LOG);
        request.restoreAsSibling();
        request.flags(options.flags());
        request.cgroups(options.cgroups());
        options.networkLock().ifPresent(request::networkLock);
        options.lsmProfile().ifPresent(request::lsmProfile);
        options.lsmMountContext().ifPresent(request::lsmMountContext);
        if (options.emptyNetwork()) {
            request.emptyNamespaces(CloneFlag.NEWNET.bit());
        }
        CriuConfig.path(kernel, state.annotations(), state.rootfs()).ifPresent(request::configFile);
        for (Cgroup cgroup : cgroups.shown()) {
            String controllers = String.join(",", cgroup.hierarchy().controllers());
            request.cgroupRoot(controllers, cgroup.path());
        }
        RestoreMounts mounts =
                new RestoreMounts(
                        kernel, watched, spec, state, cgroups, context.cgroups().directories());
        mounts.name(request, statePath);
        Optional<Fd> network = network();
        Kernel stage = context.stage();
        Criu.prepare(stage);
        RestoreMounts.enter(stage, mounts.realRoot(), spec.root().orElseThrow().readonly());
        request.root(mounts.realRoot());
        ExternalNamespaces.restore(stage, spec, network, request, NAMESPACES);
        streams.inherited().forEach((name, number) -> request.inherit(name, Criu.stream(number)));
        return request;
    }

    private Optional<Fd> network() {
        return ExternalNamespaces.isMadeForDevices(spec)
                ? Optional.of(
                        new RestoreNetwork(
                                        kernel,
                                        watched,
                                        spec.linux().netDevices(),
                                        options.creation().watcher())
                                .make(context))
                : Optional.empty();
    }

    private RestoredInit restore(CriuOptions request, CheckpointDirectories directories) {
        Kernel stage = context.stage();
        RestoreCgroups.join(context);
        state.resctrl()
                .ifPresent(group -> new JoinResctrlGroup(group).join(kernel, context.stagePid()));
        if (!options.creation().noNewKeyring()) {
            Optional<String> label = spec.process().flatMap(process -> process.selinuxLabel());
            boolean userNamespace = spec.linux().creates(NamespaceType.USER);
            new JoinKeyring(state.keyring(), userNamespace, label).joinBy(kernel, stage);
        }
        RestoredInit init =
                new RestoredInit(
                        kernel,
                        spawner,
                        state,
                        spec.hooks(),
                        context,
                        options.creation().foreground());
        boolean keepsSession = options.flags().contains(CriuFlag.SHELL_JOB);
        try (Criu criu =
                Criu.in(
                        kernel,
                        stage,
                        context.stagePid(),
                        spawner.environment(),
                        directories.imagePath(),
                        directories.workPath(),
                        keepsSession)) {
            criu.requireVersion(CheckpointOperation.MAJOR, CheckpointOperation.MINOR);
            Criu.Result result = criu.perform(Criu.Request.RESTORE, request, init);
            if (!result.success()) {
                CriuLog log = new CriuLog(kernel, directories.log(LOG));
                log.errors().forEach(line -> options.explained().accept(LOG + ": " + line));
                throw log.failure(result.message());
            }
            init.exists(result.pid());
        }
        spawner.reap(context.stagePid());
        return init;
    }

    private CreatedContainer made(RestoredInit restored) {
        InitProcess init = InitProcess.of(kernel, restored.pid());
        state =
                state.withInit(init, context.program().home())
                        .withCgroups(context.cgroups().directories());
        directory.write(StateDirectory.STATE, state.toJson());
        directory.write(StateDirectory.STATE_COPY, state.toJson());
        RestoreCgroups.limitTasks(context, cgroups, host, state);
        options.creation()
                .pidFile()
                .ifPresent(path -> PidFile.write(spawner.caller(), path, init.pid()));
        if (context.terminal().isPresent() && options.creation().consoleSocket().isPresent()) {
            String path = options.creation().consoleSocket().get();
            ConsoleSocket.send(spawner.caller(), path, context.terminal().get());
        }
        restored.runHooks(HookKind.POSTSTART);
        Optional<ProcessGuard> guard =
                spawner.endsContainers()
                        ? Optional.of(ProcessGuard.over(state, directory))
                        : Optional.empty();
        context.rollback().keep();
        options.creation().streams().ifPresent(Streams::areGiven);
        directory.release();
        Optional<Fd> readiness = Optional.empty();
        return new CreatedContainer(directory, state, context.terminal(), readiness, guard);
    }
}
