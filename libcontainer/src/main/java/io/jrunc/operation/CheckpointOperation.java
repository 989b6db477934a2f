// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.checkpoint.Criu;
import io.jrunc.checkpoint.CriuLog;
import io.jrunc.checkpoint.CriuOptions;
import io.jrunc.checkpoint.ExternalMounts;
import io.jrunc.checkpoint.ExternalNamespaces;
import io.jrunc.checkpoint.ExternalStreams;
import io.jrunc.checkpoint.option.CriuFlag;
import io.jrunc.container.model.CheckpointOptions;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.CrunAnnotations;
import io.jrunc.spec.Mount;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import io.jrunc.state.LiveMounts;
import io.jrunc.state.State;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Has criu(8) write a container's processes to an image. If it fails, the container goes on.
 *
 * @param spec what the container was made from
 */
public record CheckpointOperation(
        Kernel kernel, ProcessSpawner spawner, State state, Spec spec, CheckpointOptions options) {
    private static final String LOG = "dump.log";

    /** Namespaces for the network and for pids that are left out: since criu 3.15. */
    static final int MAJOR = 3;

    static final int MINOR = 15;

    /** Refuses mounts that config.json does not have: no restore would know them. */
    public static void refuse(LiveMounts added) {
        List<String> paths = added.entries().stream().map(e -> e.mount().destination()).toList();
        if (!paths.isEmpty()) {
            throw Failure.of(
                    Failure.Code.WRONG_STATE,
                    "mounts that were added cannot be restored: "
                            + String.join(", ", paths)
                            + "; remove them first (ContainerMounts.remove)");
        }
    }

    /** Writes the image. */
    public void run() {
        check();
        try (CheckpointDirectories directories =
                CheckpointDirectories.make(kernel, options.image(), options.work())) {
            SetupContext.Spawned process = spawner.spawn("criu", 0);
            // Were this process killed, criu would notice it, let the container go on, and end.
            spawner.setCleanup(survivor -> survivor.processes().reap(process.pid()));
            Criu.prepare(process.kernel());
            try (Criu criu =
                    Criu.in(
                            kernel,
                            process.kernel(),
                            process.pid(),
                            spawner.environment(),
                            directories.imagePath(),
                            directories.workPath(),
                            false)) {
                dump(criu, directories);
            } finally {
                process.kernel().close();
                spawner.reap(process.pid());
            }
        }
    }

    private void check() {
        if (spec.linux().namespace(NamespaceType.MOUNT).isEmpty()) {
            throw Failure.unsupported(
                    "linux.namespaces",
                    "criu cannot dump a container without a mount namespace; it has the host's"
                            + " mounts");
        }
        refuseWhatWouldBeAnother();
        options.parent()
                .filter(path -> path.startsWith("/"))
                .ifPresent(
                        path -> {
                            throw Failure.of(
                                    Failure.Code.USAGE,
                                    "CheckpointOptions.parent: \""
                                            + path
                                            + "\" is absolute; write it relative to the image");
                        });
    }

    /** criu attaches what config.json binds, as it is: without a mapping, and without a handler. */
    private void refuseWhatWouldBeAnother() {
        if (ExternalNamespaces.isMadeForDevices(spec) && spec.linux().creates(NamespaceType.USER)) {
            throw Failure.unsupported(
                    "linux.netDevices",
                    "criu cannot restore a network namespace with devices of the host that belongs"
                            + " to a user namespace; write the path of one in linux.namespaces");
        }
        for (int i = 0; i < spec.mounts().size(); i++) {
            Mount mount = spec.mounts().get(i);
            boolean mapped =
                    !mount.uidMappings().isEmpty()
                            || mount.options().contains("idmap")
                            || mount.options().contains("ridmap");
            if (mapped) {
                throw Failure.unsupported(
                        "mounts[" + i + "]", "criu cannot restore the owners of an idmapped mount");
            }
        }
        for (String name : state.annotations().keySet()) {
            if (name.equals(CrunAnnotations.HANDLER) || name.startsWith("module.")) {
                throw Failure.unsupported(
                        CrunAnnotations.field(name),
                        "criu cannot restore the mounts of a handler's program");
            }
        }
    }

    private void dump(Criu criu, CheckpointDirectories directories) {
        criu.requireVersion(MAJOR, MINOR);
        if (options.preDump()) {
            criu.require(Criu.Feature.MEMORY_TRACKING, "CheckpointOptions.preDump");
        }
        if (options.flags().contains(CriuFlag.LAZY_PAGES)) {
            criu.require(Criu.Feature.LAZY_PAGES, "CriuFlag.LAZY_PAGES");
        }
        CriuOptions request = request(directories);
        DumpListener listener =
                new DumpListener(kernel, processes(), directories, options.watcher());
        Criu.Request type = options.preDump() ? Criu.Request.PRE_DUMP : Criu.Request.DUMP;
        Criu.Result result = criu.perform(type, request, listener);
        if (!result.success()) {
            CriuLog log = new CriuLog(kernel, directories.log(LOG));
            log.errors().forEach(line -> options.watcher().explained(LOG + ": " + line));
            throw log.failure(result.message());
        }
    }

    private CriuOptions request(CheckpointDirectories directories) {
        CriuOptions request = new CriuOptions(LOG);
        request.process(state.initPid());
        request.root(state.rootfs());
        request.flags(options.flags());
        request.cgroups(options.cgroups());
        options.networkLock().ifPresent(request::networkLock);
        if (options.emptyNetwork()) {
            request.emptyNamespaces(CloneFlag.NEWNET.bit());
        }
        options.pageServer().ifPresent(to -> request.pageServer(to.address(), to.port()));
        options.parent().ifPresent(request::parentImage);
        if (options.preDump() || options.parent().isPresent()) {
            request.trackMemory();
        }
        CriuConfig.path(kernel, state.annotations(), state.rootfs()).ifPresent(request::configFile);
        String freezer = state.cgroups().getOrDefault("freezer", state.cgroups().get(""));
        if (freezer != null) {
            request.freezer(freezer);
        }
        ExternalNamespaces.dump(kernel, spec, state.initPid(), request);
        if (!options.preDump()) {
            nameExternals(request, directories);
        }
        return request;
    }

    private void nameExternals(CriuOptions request, CheckpointDirectories directories) {
        for (ExternalMounts.External mount :
                ExternalMounts.of(kernel, spec, state.initPid(), "/")) {
            request.externalMount(mount.path(), mount.key());
        }
        ExternalStreams streams = ExternalStreams.of(kernel, state.initPid(), processes());
        streams.external().forEach(request::external);
        directories.write(ExternalStreams.FILE, streams.toJson());
    }

    private List<Integer> processes() {
        Set<Integer> pids = new TreeSet<>();
        for (String cgroup : state.cgroupDirectories()) {
            pids.addAll(CgroupRemoval.processes(kernel, cgroup));
        }
        return List.copyOf(pids);
    }
}
