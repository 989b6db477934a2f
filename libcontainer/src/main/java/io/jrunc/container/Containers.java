package io.jrunc.container;

import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.validate.ContainerId;
import java.util.ArrayList;
import java.util.List;

/** All containers whose state lies below one directory. */
public final class Containers {
    private final Kernel kernel;
    private final String root;
    private final ProcessSpawner spawner;

    /**
     * Containers below {@code root}.
     *
     * @param root absolute; created when the first container is
     * @param spawner starts their first processes
     */
    public Containers(Kernel kernel, String root, ProcessSpawner spawner) {
        this.kernel = kernel;
        this.root = root;
        this.spawner = spawner;
    }

    /** The container called {@code id}; a {@link Failure} if there is none. */
    public Container load(String id) {
        Container container = find(id);
        if (container == null) {
            throw Failure.of(
                    "not-found",
                    "container does not exist: " + id,
                    id,
                    Errno.ENOENT,
                    "jrunc list shows those there are in " + root);
        }
        return container;
    }

    /** The container called {@code id}, or null. */
    public Container find(String id) {
        ContainerId.check(id);
        StateDirectory directory = StateDirectory.open(kernel, root, id);
        if (directory == null) {
            return null;
        }
        try {
            byte[] json = directory.read(StateDirectory.STATE);
            if (json != null) {
                return new Container(kernel, spawner, directory, state(json, id), null, null);
            }
        } catch (RuntimeException f) {
            directory.close();
            throw f;
        }
        directory.close();
        return null;
    }

    private static State state(byte[] json, String id) {
        try {
            return State.fromJson(json);
        } catch (Failure f) {
            throw f.during("state.json of container " + id + " is damaged");
        }
    }

    /** The ids of all directories, whether or not there is a container in them, sorted. */
    public List<String> ids() {
        List<String> ids = new ArrayList<>();
        try (Fd directory =
                kernel.files().openIfExists(kernel.files().here(), root, OpenFlag.DIRECTORY)) {
            if (directory.isOpen()) {
                ids.addAll(kernel.files().list(directory));
            }
        }
        ids.sort(null);
        return ids;
    }

    /** Whether the directory of all containers is there. */
    public boolean rootExists() {
        return kernel.files().exists(root);
    }

    /**
     * Creates a container whose init waits to be started.
     *
     * @param cgroups where its cgroups are
     */
    public Container create(
            String id, Bundle bundle, Host host, CgroupSetup cgroups, CreateOptions options) {
        ContainerId.check(id);
        Bundle offered = offer(bundle, id, options);
        return new Creation(kernel, spawner, offered, host, cgroups, options).create(root, id);
    }

    /** As {@link #create}, but starts it at once. */
    public Container run(
            String id, Bundle bundle, Host host, CgroupSetup cgroups, CreateOptions options) {
        ContainerId.check(id);
        Bundle offered = offer(bundle, id, options);
        return new Creation(kernel, spawner, offered, host, cgroups, options).run(root, id);
    }

    private Bundle offer(Bundle bundle, String id, CreateOptions options) {
        return options.tellsReadiness() ? ReadinessSocket.offer(bundle, root + "/" + id) : bundle;
    }

    /**
     * Removes what a create that was killed has left of {@code id}: a directory without a state.
     * Does nothing if there is none.
     */
    public void sweep(String id) {
        ContainerId.check(id);
        try (StateDirectory directory = StateDirectory.open(kernel, root, id)) {
            if (directory != null) {
                directory.lock();
                directory.submitRemoval(kernel);
            }
        }
    }
}
