// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountInfo;
import io.jrunc.linux.OpenFlag;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The mounts of a container whose file systems are the host's: an image names them by their paths,
 * and a restore says what takes their places. They are read from the mounts of a process, so that
 * those below a recursive bind and those behind symbolic links are found as well.
 */
public final class ExternalMounts {
    /** The type of the host's /dev. */
    private static final String DEVICES = "devtmpfs";

    private static final String DEV = "/dev/";

    private static final String MOUNT_ID = "mnt_id:";

    private final Kernel runtime;
    private final Spec spec;
    private final String processRoot;
    private final String root;
    private final List<MountInfo> mounts;
    private final Map<String, Mount> configured = new HashMap<>();

    /**
     * A mount of the host's in the container.
     *
     * @param path where it is, as the container sees it
     * @param kind what it shows
     * @param mount the entry of config.json that it is of, or below; empty for others
     * @param below the path from that entry's destination to here; "" for itself
     * @param info the mount itself
     */
    public record External(
            String path, Kind kind, Optional<Mount> mount, String below, MountInfo info) {
        /** Its name in an image: of a device that of the host, as in images of runc. */
        public String key() {
            return kind == Kind.DEVICE ? "/dev" + info.root() : path;
        }
    }

    /** What a mount of the host's shows. */
    public enum Kind {
        BIND,
        CGROUP,
        DEVICE
    }

    private ExternalMounts(Kernel runtime, Spec spec, int pid, String root) {
        this.runtime = runtime;
        this.spec = spec;
        this.processRoot = "/proc/" + pid + "/root";
        this.root = root.equals("/") ? "" : root;
        this.mounts = MountInfo.parse(runtime.files().readText("/proc/" + pid + "/mountinfo"));
    }

    /**
     * Returns those of a container.
     *
     * @param pid of a process that sees its mounts
     * @param root where the process has the container's root
     */
    public static List<External> of(Kernel runtime, Spec spec, int pid, String root) {
        return new ExternalMounts(runtime, spec, pid, root).find();
    }

    private List<External> find() {
        try (Fd top = runtime.files().open(processRoot + root, OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            // A later mount lies on an earlier one of the same destination.
            for (Mount mount : spec.mounts()) {
                mountPoint(top, mount.destination()).ifPresent(path -> configured.put(path, mount));
            }
            List<External> found = new ArrayList<>();
            for (MountInfo info : mounts) {
                if (isInside(info)) {
                    external(info).ifPresent(found::add);
                }
            }
            return found;
        }
    }

    private boolean isInside(MountInfo info) {
        return info.mountPoint().startsWith(root + "/") && !inside(info).equals("/");
    }

    private String inside(MountInfo info) {
        String path = info.mountPoint();
        return path.startsWith(root + "/") ? path.substring(root.length()) : path;
    }

    private Optional<External> external(MountInfo info) {
        String path = inside(info);
        String nearest = nearest(path);
        Mount mount = configured.get(nearest);
        boolean isDevice = info.type().equals(DEVICES);
        if (mount == null || isDevice && !mount.isBind()) {
            return isDevice && (path.startsWith(DEV) || !isBelowDev(info))
                    ? Optional.of(new External(path, Kind.DEVICE, Optional.empty(), "", info))
                    : Optional.empty();
        }
        String below = path.substring(nearest.length());
        if (!mount.isBind() && !info.type().startsWith("cgroup")) {
            return Optional.empty();
        }
        Kind kind = mount.isBind() ? Kind.BIND : Kind.CGROUP;
        return Optional.of(new External(path, kind, Optional.of(mount), below, info));
    }

    /** Returns whether the device is also mounted below /dev: criu binds it from there. */
    private boolean isBelowDev(MountInfo device) {
        return mounts.stream()
                .filter(info -> info.type().equals(DEVICES) && inside(info).startsWith(DEV))
                .anyMatch(info -> info.root().equals(device.root()));
    }

    /** Returns the destination of the entry that {@code path} is of, or below; "" if of none. */
    private String nearest(String path) {
        String nearest = path;
        while (!nearest.isEmpty() && !configured.containsKey(nearest)) {
            nearest = nearest.substring(0, nearest.lastIndexOf('/'));
        }
        return nearest;
    }

    /**
     * Returns the path of the mount that lies at {@code path}, links followed inside the root;
     * empty if there is none.
     */
    private Optional<String> mountPoint(Fd top, String path) {
        Files files = runtime.files();
        try (Fd found = files.openInRootIfPossible(top, path, Set.of(OpenFlag.PATH))) {
            if (!found.isOpen() || !files.stat(found).mountRoot()) {
                return Optional.empty();
            }
            int id = mountId(files, found);
            return mounts.stream().filter(info -> info.id() == id).map(this::inside).findFirst();
        }
    }

    private static int mountId(Files files, Fd file) {
        return files.readText("/proc/self/fdinfo/" + file.number())
                .lines()
                .filter(line -> line.startsWith(MOUNT_ID))
                .mapToInt(line -> Integer.parseInt(line.substring(MOUNT_ID.length()).strip()))
                .findFirst()
                .orElse(0);
    }
}
