// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.Cgroups;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.container.model.Lifetime;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.container.model.RestoreOptions;
import io.jrunc.container.model.Streams;
import io.jrunc.host.Host;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.operation.CreateOperation;
import io.jrunc.operation.CreatedContainer;
import io.jrunc.operation.ExplainOperation;
import io.jrunc.operation.Handlers;
import io.jrunc.operation.ReadinessSocket;
import io.jrunc.operation.RestoreOperation;
import io.jrunc.state.LostStateRemoval;
import io.jrunc.state.OpenStateRoot;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import io.jrunc.state.StateRoot;
import io.jrunc.validate.ContainerId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All containers whose state lies below one directory. Safe for use by several threads, and beside
 * other processes that use the same directory.
 *
 * <p>How a container is made, step by step, is in {@code io.jrunc.operation.ContainerPlan}.
 *
 * <p>The directory and all above it must belong to root or to the caller, and be writable by them
 * alone: each method here refuses one that does not.
 */
public final class Containers {
    /**
     * From here on it pays to have several threads: the first time, they cost some milliseconds.
     */
    private static final int MANY = 100;

    private final Kernel kernel;
    private final StateRoot root;
    private final ProcessSpawner spawner;
    private final Cgroups cgroups;

    /** As the other constructor; notices are dropped. */
    public Containers(Kernel kernel, String root, ProcessSpawner spawner) {
        this(kernel, root, spawner, notice -> {});
    }

    /**
     * Containers below {@code root}.
     *
     * @param root absolute; created when the first container is
     * @param spawner starts their first processes
     * @param notices receives a line when an operation waits for another one for a second, and what
     *     goes wrong when a container is removed by {@link Container#close}
     */
    public Containers(
            Kernel kernel, String root, ProcessSpawner spawner, Consumer<String> notices) {
        this(kernel, new StateRoot(kernel, root, notices), spawner, Cgroups.CGROUPFS);
    }

    private Containers(Kernel kernel, StateRoot root, ProcessSpawner spawner, Cgroups cgroups) {
        this.kernel = kernel;
        this.root = root;
        this.spawner = spawner;
        this.cgroups = cgroups;
    }

    /**
     * Returns the containers below a directory, made by this program and ending with it, however it
     * ends.
     *
     * @param root made when the first container is; {@code /run/NAME} is right for root, a
     *     directory in {@code $XDG_RUNTIME_DIR} for others
     */
    public static Containers at(Path root) {
        return at(root, Lifetime.ENDS_WITH_JVM);
    }

    /** As {@link #at(Path)}, for containers that may outlive this program. */
    public static Containers at(Path root, Lifetime lifetime) {
        Path absolute = Objects.requireNonNull(root, "Containers.at: root is null");
        JvmSpawner spawner =
                Objects.requireNonNull(lifetime, "Containers.at: lifetime is null")
                                == Lifetime.ENDS_WITH_JVM
                        ? JvmSpawner.dieWithJvm()
                        : new JvmSpawner();
        return new Containers(
                LocalKernel.get(), absolute.toAbsolutePath().normalize().toString(), spawner);
    }

    /** Returns the same, with cgroups that are made otherwise than as {@link Cgroups#CGROUPFS}. */
    public Containers cgroups(Cgroups choice) {
        return new Containers(
                kernel,
                root,
                spawner,
                Objects.requireNonNull(choice, "Containers.cgroups: choice is null"));
    }

    /** The container called {@code id}; a {@link Failure} if there is none. */
    public Container load(String id) {
        Optional<Container> container =
                find(Objects.requireNonNull(id, "Containers.load: id is null"));
        if (container.isEmpty()) {
            throw Failure.of(
                    Failure.Code.NOT_FOUND,
                    "container does not exist: " + id,
                    id,
                    Errno.ENOENT,
                    "Containers.ids returns those there are in " + root.path());
        }
        return container.get();
    }

    /** The container called {@code id}, if any; {@link Failure} "damaged" if its state is lost. */
    public Optional<Container> find(String id) {
        ContainerId.check(Objects.requireNonNull(id, "Containers.find: id is null"));
        Optional<StateDirectory> found = root.open(id);
        return found.isEmpty() ? Optional.empty() : of(found.get());
    }

    /** The container whose directory it is; closes the directory if there is none in it. */
    private Optional<Container> of(StateDirectory directory) {
        try {
            Optional<State> state = State.find(directory);
            if (state.isPresent()) {
                return Optional.of(new Container(kernel, spawner, directory, state.get()));
            }
        } catch (RuntimeException f) {
            directory.close();
            throw f;
        }
        directory.close();
        return Optional.empty();
    }

    /** The ids of all directories, whether or not there is a container in them, sorted. */
    public List<String> ids() {
        try (OpenStateRoot open = root.open().orElse(null)) {
            return open == null ? List.of() : open.ids();
        }
    }

    /**
     * Returns what {@code reading} finds out about each container, sorted by their ids. Each is
     * closed as soon as it returns.
     *
     * @param reading called by several threads if there are many containers: most of the time the
     *     kernel looks up paths, and it does so on several processors at once
     * @param unreadable receives the id of one whose state cannot be read, or about which {@code
     *     reading} throws a {@link Failure}, and that failure; called by this thread
     */
    public <T> List<T> collect(
            Function<Container, T> reading, BiConsumer<String, Failure> unreadable) {
        Objects.requireNonNull(reading, "Containers.collect: reading is null");
        Objects.requireNonNull(unreadable, "Containers.collect: unreadable is null");
        try (OpenStateRoot open = root.open().orElse(null)) {
            if (open == null) {
                return List.of();
            }
            List<T> found = new ArrayList<>();
            for (Answer<T> answer : answers(open, reading)) {
                answer.found.ifPresent(found::add);
                answer.failure.ifPresent(why -> unreadable.accept(answer.id, why));
            }
            return found;
        }
    }

    /** Both are empty if the container was removed meanwhile. */
    private record Answer<T>(String id, Optional<T> found, Optional<Failure> failure) {}

    private <T> List<Answer<T>> answers(OpenStateRoot open, Function<Container, T> reading) {
        List<String> ids = open.ids();
        if (ids.size() >= MANY) {
            return ids.parallelStream().map(id -> answer(open, id, reading)).toList();
        }
        // Not a stream of one thread: its classes would have to be loaded for each list of few.
        List<Answer<T>> answers = new ArrayList<>(ids.size());
        for (String id : ids) {
            answers.add(answer(open, id, reading));
        }
        return answers;
    }

    private <T> Answer<T> answer(OpenStateRoot open, String id, Function<Container, T> reading) {
        try {
            ContainerId.check(id);
            Optional<StateDirectory> directory = open.directory(id);
            try (Container container = directory.flatMap(this::of).orElse(null)) {
                Optional<T> found = Optional.ofNullable(container).map(reading);
                return new Answer<>(id, found, Optional.empty());
            }
        } catch (Failure f) {
            return new Answer<>(id, Optional.empty(), Optional.of(f));
        }
    }

    /** Whether the directory of all containers is there. */
    public boolean rootExists() {
        return root.exists();
    }

    /**
     * Creates a container whose init waits to be started. It is removed when the object is closed,
     * unless {@link Container#handOver} was called.
     *
     * @param cgroups decides where its cgroups are
     */
    @SuppressWarnings("exports") // for the command line
    public Container create(
            String id, Bundle bundle, Host host, CgroupManager cgroups, CreateOptions options) {
        return made(creation(id, bundle, host, cgroups, options).create());
    }

    /**
     * Creates a container whose init waits to be started. Its streams are {@code /dev/null}. It is
     * removed when the object is closed, unless {@link Container#handOver} was called.
     */
    public Container create(String id, Bundle bundle) {
        return create(id, bundle, CreateOptions.plain());
    }

    /** As {@link #create(String, Bundle)}, with streams. */
    public Container create(String id, Bundle bundle, Streams streams) {
        return create(
                id,
                bundle,
                CreateOptions.plain()
                        .with(
                                Objects.requireNonNull(
                                        streams, "Containers.create: streams is null")));
    }

    /** As {@link #create(String, Bundle)}, with options. */
    public Container create(String id, Bundle bundle, CreateOptions options) {
        Objects.requireNonNull(id, "Containers.create: id is null");
        Objects.requireNonNull(bundle, "Containers.create: bundle is null");
        Objects.requireNonNull(options, "Containers.create: options is null");
        ChosenCgroups chosen = ChosenCgroups.of(cgroups);
        return create(id, bundle, chosen.host(), chosen.manager(), options);
    }

    /** As {@link #create}, but starts it at once. */
    @SuppressWarnings("exports") // for the command line
    public Container run(
            String id, Bundle bundle, Host host, CgroupManager cgroups, CreateOptions options) {
        ContainerId.check(id);
        if (bundle.spec().process().isEmpty()) {
            throw Failure.invalid("process", "is missing", "say what to run");
        }
        return made(creation(id, bundle, host, cgroups, options).run());
    }

    /**
     * Restores a container from an image that {@link Container#checkpoint} has written. It is
     * removed when the object is closed, unless {@link Container#handOver} was called.
     *
     * @param bundle that the container was made from, or one like it
     */
    @SuppressWarnings("exports") // for the command line
    public Container restore(
            String id, Bundle bundle, Host host, CgroupManager cgroups, RestoreOptions options) {
        ContainerId.check(id);
        CgroupSetup setup = cgroups.place(host.hierarchies(), bundle.spec(), id);
        return made(
                new RestoreOperation(kernel, spawner, bundle, host, setup, options, root, id)
                        .run());
    }

    /** As the other method, with the cgroups that were chosen. */
    public Container restore(String id, Bundle bundle, RestoreOptions options) {
        Objects.requireNonNull(id, "Containers.restore: id is null");
        Objects.requireNonNull(bundle, "Containers.restore: bundle is null");
        Objects.requireNonNull(options, "Containers.restore: options is null");
        ChosenCgroups chosen = ChosenCgroups.of(cgroups);
        return restore(id, bundle, chosen.host(), chosen.manager(), options);
    }

    private Container made(CreatedContainer made) {
        return new Container(kernel, spawner, made);
    }

    /** Returns what {@link #run} would do, step by step; makes no call that changes anything. */
    @SuppressWarnings("exports") // for the command line
    public static List<ExplainedStep> explain(
            String id, Bundle bundle, Host host, CgroupManager cgroups) {
        return explain(id, bundle, host, cgroups, List.of());
    }

    /**
     * As the other, for a bundle that may ask for a handler.
     *
     * @param handlers where handlers are described
     */
    @SuppressWarnings("exports") // for the command line
    public static List<ExplainedStep> explain(
            String id, Bundle bundle, Host host, CgroupManager cgroups, List<String> handlers) {
        Bundle handled = Handlers.applied(LocalKernel.get(), bundle, handlers);
        return ExplainOperation.run(id, handled, host, cgroups);
    }

    private CreateOperation creation(
            String id, Bundle bundle, Host host, CgroupManager cgroups, CreateOptions options) {
        ContainerId.check(id);
        CgroupSetup setup = cgroups.place(host.hierarchies(), bundle.spec(), id);
        Bundle handled = handled(bundle);
        Bundle offered =
                options.reportsReadiness()
                        ? ReadinessSocket.offer(handled, root.path() + "/" + id)
                        : handled;
        return new CreateOperation(kernel, spawner, offered, host, setup, options, root, id);
    }

    /** Returns what {@link #run} makes of a bundle that asks for a handler; others are the same. */
    public Bundle handled(Bundle bundle) {
        Objects.requireNonNull(bundle, "Containers.handled: bundle is null");
        return bundle.spec().annotations().isEmpty()
                ? bundle
                : Handlers.applied(kernel, bundle, spawner.handlerDirectories());
    }

    /**
     * Removes what a create that was killed has left of {@code id}: a directory without a state.
     * Does nothing if there is none. Returns false if there is a container of that id by now.
     */
    public boolean sweep(String id) {
        ContainerId.check(Objects.requireNonNull(id, "Containers.sweep: id is null"));
        try (StateDirectory directory = root.open(id).orElse(null)) {
            if (directory == null) {
                return true;
            }
            directory.claim();
            // Only now: while we waited it may have become a container's, or was removed.
            if (!directory.isInPlace() || directory.holdsState()) {
                return false;
            }
            directory.submitRemoval(kernel);
            return true;
        }
    }

    /**
     * Removes container {@code id}, whose state is damaged, with all that belongs to it. Returns
     * false if its state is in order.
     *
     * @param cgroups the manager that it was made with
     * @param warnings receives what could not be found
     */
    @SuppressWarnings("exports") // for the command line
    public boolean removeLost(
            String id, Host host, CgroupManager cgroups, Consumer<String> warnings) {
        ContainerId.check(id);
        try (StateDirectory directory = root.open(id).orElse(null)) {
            if (directory == null) {
                return true;
            }
            directory.claim();
            if (!directory.isInPlace() || isInOrder(directory)) {
                return false;
            }
            new LostStateRemoval(kernel, directory, host, cgroups, id).run(warnings);
            return true;
        }
    }

    /** As the other method, with the cgroups that were chosen. */
    public boolean removeLost(String id) {
        Objects.requireNonNull(id, "Containers.removeLost: id is null");
        ChosenCgroups chosen = ChosenCgroups.of(cgroups);
        return removeLost(id, chosen.host(), chosen.manager(), root.notices());
    }

    private static boolean isInOrder(StateDirectory directory) {
        try {
            return State.find(directory).isPresent();
        } catch (Failure f) {
            return false;
        }
    }
}
