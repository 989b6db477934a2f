// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.host.Host;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.namespace.CreateInit;
import io.jrunc.namespace.JoinNamespaces;
import io.jrunc.namespace.StartStage;
import io.jrunc.rootfs.DetachMount;
import io.jrunc.rootfs.JoinRunningRoot;
import io.jrunc.rootfs.RootedPaths;
import io.jrunc.rootfs.RootfsSteps;
import io.jrunc.setup.Phase;
import io.jrunc.setup.Plan;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import io.jrunc.state.LiveMounts;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import io.jrunc.validate.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Adds mounts to a container that runs, and removes them. Processes of ours make them: none of the
 * container's is stopped, or executes anything. Whatever goes wrong, what was added is removed.
 *
 * @param container the specification that the container was made from
 * @param warnings receives a line for what is odd about the mounts
 */
public record MountOperation(
        Kernel kernel,
        ProcessSpawner spawner,
        StateDirectory directory,
        State state,
        Spec container,
        CreateOptions.Watcher watcher,
        Consumer<String> warnings) {
    /** Namespaces that decide what a new file system shows, and whose it is. */
    private static final Set<CloneFlag> SHOWN =
            Set.of(CloneFlag.NEWUSER, CloneFlag.NEWNET, CloneFlag.NEWIPC);

    /** Adds {@code mounts}, in their order: all of them, or none. */
    public void add(List<Mount> mounts, Host host) {
        refuseSharedNamespace();
        Validator.checkMounts(container.withMounts(mounts), host.facts()).forEach(warnings);
        LiveMounts live = LiveMounts.read(directory, kernel, state.init());
        SetupContext context = context();
        InitNamespaces namespaces = InitNamespaces.open(kernel, state.init());
        try {
            List<Mount> made = ofItsPids(mounts, namespaces);
            List<Step> steps = RootfsSteps.liveMounts(container.withMounts(made), state.bundle());
            int[] current = {0};
            context.beforeAttach(tree -> note(context, live, tree, mounts.get(current[0])));
            plan(namespaces, true).play(context, watcher);
            for (int i = 0; i < steps.size(); i++) {
                current[0] = i;
                Plan.Recipe one = new Plan.Recipe();
                one.add(Phase.MOUNTS, steps.get(i));
                one.build().play(context, watcher);
            }
            context.endAll();
        } catch (RuntimeException f) {
            throw context.rollback().undo(f);
        } finally {
            namespaces.close();
        }
    }

    /**
     * A procfs shows the pid namespace of the process that mounts it, and none of ours is in the
     * container's; it can be named since Linux 6.18.
     */
    private List<Mount> ofItsPids(List<Mount> mounts, InitNamespaces namespaces) {
        boolean foreign =
                namespaces.foreign().stream()
                        .anyMatch(namespace -> namespace.type() == CloneFlag.NEWPID);
        return mounts.stream()
                .map(mount -> foreign && isProc(mount) ? ofItsPids(mount) : mount)
                .toList();
    }

    private static boolean isProc(Mount mount) {
        return !mount.isBind() && mount.type().orElse("").equals("proc");
    }

    private Mount ofItsPids(Mount mount) {
        List<String> options = new ArrayList<>(mount.options());
        options.add("pidns=/proc/" + state.initPid() + "/ns/pid");
        return new Mount(
                mount.destination(), mount.type(), mount.source(), options, List.of(), List.of());
    }

    /** Writes down what is about to be attached, and how it is taken back. */
    private void note(SetupContext context, LiveMounts live, Fd tree, Mount mount) {
        Fd kept = tree.kernel().descriptors().duplicate(tree);
        long id = id(kept);
        live.add(id, mount);
        context.rollback()
                .push(
                        () -> {
                            DetachMount.all(kernel, kept);
                            live.remove(id);
                        });
    }

    /** Removes what is mounted at the destinations of {@code mounts}, the last one first. */
    public void remove(List<Mount> mounts) {
        refuseSharedNamespace();
        LiveMounts live = LiveMounts.read(directory, kernel, state.init());
        SetupContext context = context();
        InitNamespaces namespaces = InitNamespaces.open(kernel, state.init());
        try {
            plan(namespaces, false).play(context, watcher);
            for (int i = mounts.size() - 1; i >= 0; i--) {
                find(context, live, mounts, i).close(); // before the first is removed
            }
            for (int i = mounts.size() - 1; i >= 0; i--) {
                try (Fd mount = find(context, live, mounts, i)) {
                    long id = id(mount);
                    DetachMount.topmost(kernel, mount);
                    live.remove(id);
                }
            }
            context.endStage();
        } catch (RuntimeException f) {
            throw context.rollback().undo(f);
        } finally {
            namespaces.close();
        }
    }

    /** Returns what is mounted at a destination, open in the stage, if it may be removed. */
    private Fd find(SetupContext context, LiveMounts live, List<Mount> mounts, int index) {
        String destination = mounts.get(index).destination();
        RootedPaths paths = new RootedPaths(context.root());
        Fd found = paths.find(destination);
        if (isMount(found) && live.contains(id(found))) {
            return found;
        }
        boolean mounted = isMount(found);
        found.close();
        if (mounted && isOfSpec(destination)) {
            // A link could lead to a mask, which is not to be removed.
            Fd plain = paths.findWithoutLinks(destination);
            if (isMount(plain)) {
                return plain;
            }
            plain.close();
        }
        throw Failure.invalid(
                "mounts[" + index + "].destination",
                mounted
                        ? "what is mounted at \""
                                + destination
                                + "\" comes neither from config.json nor from mounts add"
                        : "nothing is mounted at \"" + destination + "\"",
                mounted ? "unmount it inside the container" : "mounts list shows what was added");
    }

    private static boolean isMount(Fd found) {
        return found.isOpen() && found.kernel().files().stat(found).mountRoot();
    }

    private static long id(Fd mount) {
        return mount.kernel().files().stat(mount).mountId();
    }

    private boolean isOfSpec(String destination) {
        return container.mounts().stream()
                .anyMatch(mount -> mount.destination().equals(destination));
    }

    private SetupContext context() {
        return new SetupContext(
                watcher.watch(kernel, "runtime"),
                new WatchedSpawner(spawner, watcher, 0, Optional.empty(), rollback -> {}));
    }

    /**
     * Returns how the processes get where they make the calls.
     *
     * @param makes whether file systems are made, so that an init is needed as well
     */
    private static Plan plan(InitNamespaces namespaces, boolean makes) {
        Plan.Recipe plan = new Plan.Recipe();
        Set<CloneFlag> types = makes ? SHOWN : Set.of(CloneFlag.NEWUSER);
        List<JoinNamespaces.Joined> joined =
                namespaces.foreign().stream()
                        .filter(namespace -> types.contains(namespace.type()))
                        .toList();
        plan.add(Phase.NAMESPACES, new StartStage());
        plan.add(Phase.NAMESPACES, new JoinNamespaces(joined));
        if (makes) {
            plan.add(Phase.NAMESPACES, new CreateInit(Set.of(CloneFlag.NEWNS), true));
        }
        Fd mountNamespace =
                namespaces.foreign().stream()
                        .filter(namespace -> namespace.type() == CloneFlag.NEWNS)
                        .findFirst()
                        .flatMap(JoinNamespaces.Joined::opened)
                        .orElseThrow(MountOperation::sharedNamespace);
        plan.add(Phase.MOUNTS, new JoinRunningRoot(mountNamespace));
        return plan.build();
    }

    /** Returns the mounts that were added, and that are there still. */
    public List<Mount> added() {
        return LiveMounts.read(directory, kernel, state.init()).entries().stream()
                .map(LiveMounts.Entry::mount)
                .toList();
    }

    /** Returns the steps that have made {@link #added}. */
    public List<ExplainedStep> explained() {
        List<Mount> mounts = added();
        return RootfsSteps.liveMounts(container.withMounts(mounts), state.bundle()).stream()
                .map(
                        step ->
                                new ExplainedStep(
                                        step.actor().word(),
                                        step.title() + ", added while it ran",
                                        "mounts add",
                                        List.of()))
                .toList();
    }

    private void refuseSharedNamespace() {
        Optional<Namespace> own = container.linux().namespace(NamespaceType.MOUNT);
        if (own.isEmpty() || own.get().path().isPresent()) {
            throw sharedNamespace();
        }
    }

    private static Failure sharedNamespace() {
        return Failure.invalid(
                "linux.namespaces",
                "the container has no mount namespace of its own, so other processes would see the"
                        + " change",
                "create it with {\"type\": \"mount\"}, without a path");
    }
}
