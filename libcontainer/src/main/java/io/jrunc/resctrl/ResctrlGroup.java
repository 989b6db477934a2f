// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl;

import io.jrunc.json.JsonText;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountInfo;
import io.jrunc.spec.IntelRdt;
import io.jrunc.spec.json.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The group of one container. One that {@code closID} names belongs to the machine's administrator,
 * and stays.
 *
 * @param mountPoint of the resctrl file system
 * @param directory of the group; the mount point itself is the group of all that are in no other
 * @param monitoring directory of the group that measures; absent: nothing is measured
 * @param own whether the group is the container's alone and ends with it
 */
public record ResctrlGroup(
        String mountPoint, String directory, Optional<String> monitoring, boolean own) {
    /**
     * Returns the group that {@code rdt} asks for.
     *
     * @param place where the file system is mounted; absent: wherever this process sees it
     */
    public static ResctrlGroup of(Kernel kernel, Optional<String> place, IntelRdt rdt, String id) {
        String mountPoint = place.orElseGet(() -> find(kernel));
        String name = rdt.closId().orElse(id);
        String directory = name.equals("/") ? mountPoint : mountPoint + "/" + name;
        Optional<String> monitoring =
                rdt.enableMonitoring()
                        ? Optional.of(directory + "/mon_groups/" + id)
                        : Optional.empty();
        return new ResctrlGroup(mountPoint, directory, monitoring, rdt.closId().isEmpty());
    }

    private static String find(Kernel kernel) {
        Optional<String> mountPoint = Resctrl.mountPoint(kernel.files().readText(MountInfo.OWN));
        if (mountPoint.isEmpty()) {
            throw Failure.invalid(
                    "linux.intelRdt",
                    "no resctrl file system is mounted",
                    "mount -t resctrl resctrl /sys/fs/resctrl, if this machine can share its"
                            + " caches out");
        }
        return mountPoint.get();
    }

    /** Adds it to a state document, by the names that other tools know. */
    public void writeTo(JsonText json) {
        json.string("intel_rdt_path", directory);
        json.string("intel_rdt_mon_path", monitoring.orElse(""));
        json.string("intel_rdt_mount_point", mountPoint);
        json.bool("intel_rdt_own", own);
    }

    /** Returns the group in a state document; absent if there is none. */
    public static Optional<ResctrlGroup> readFrom(Fields fields) {
        Optional<String> directory = fields.optionalString("intel_rdt_path");
        return directory.map(
                path ->
                        new ResctrlGroup(
                                fields.stringOrEmpty("intel_rdt_mount_point"),
                                path,
                                fields.optionalString("intel_rdt_mon_path"),
                                fields.bool("intel_rdt_own")));
    }

    /** Returns what ends with the container, in the order in which it can be removed. */
    public List<String> removals() {
        List<String> removals = new ArrayList<>(2);
        monitoring.ifPresent(removals::add);
        if (own) {
            removals.add(directory);
        }
        return removals;
    }

    /**
     * Verifies that the group does not exist: the container that makes it removes it later, with
     * all tasks in it.
     */
    public void requireFree(Kernel kernel) {
        for (String path : removals()) {
            if (kernel.files().exists(path)) {
                throw exists(path);
            }
        }
    }

    static Failure exists(String path) {
        return Failure.invalid(
                "linux.intelRdt",
                "the resctrl group " + path + " exists already",
                "remove it, or choose another id");
    }

    /** Writes what {@code rdt} names to the group's schemata; other resources stay as they are. */
    public void update(Kernel kernel, IntelRdt rdt) {
        new Resctrl(kernel.files(), mountPoint)
                .write(directory + "/schemata", Schemata.of(rdt).text());
    }

    /** Removes what ends with the container, if it is there. */
    public void remove(Kernel kernel) {
        for (String path : removals()) {
            kernel.directories().rmdir(kernel.files().here(), path).tolerate(Errno.ENOENT).submit();
        }
    }
}
