// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.file.Poll;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import java.util.Map;

/**
 * Stops and continues all processes of a container at once. Sources: kernel documentation,
 * cgroup-v1/freezer-subsystem and "cgroup.freeze" in cgroup-v2.
 */
public final class Freezer {
    private static final String V1_STATE = "freezer.state";
    private static final String V1_SELF = "freezer.self_freezing";
    private static final String V2_EVENTS = "cgroup.events";
    private static final String V2_FREEZE = "cgroup.freeze";
    private static final int ATTEMPTS = 1000;
    private static final int PAUSE_MILLIS = 10;
    private static final int RETRY = 50;

    private final Kernel kernel;
    private final String v1;
    private final String v2;

    /**
     * The freezer of the container with these cgroups.
     *
     * @param cgroups directories by v1 controller, "" for v2
     */
    public Freezer(Kernel kernel, Map<String, String> cgroups) {
        this.kernel = kernel;
        this.v1 = cgroups.getOrDefault("freezer", "");
        this.v2 = cgroups.getOrDefault("", "");
    }

    /**
     * Returns whether the processes are stopped, and not by a cgroup above, which others govern.
     */
    public boolean isFrozen() {
        boolean stopped = read(v1, V1_STATE).startsWith("FROZEN");
        return stopped && !read(v1, V1_SELF).equals("0") || read(v2, V2_FREEZE).equals("1");
    }

    /**
     * Returns whether a process that joins the cgroup is stopped at once, by it or one above.
     *
     * @param dir of the v1 hierarchy with the freezer, or of the v2 hierarchy
     */
    static boolean stopsJoining(CgroupDir dir, boolean v2) {
        return v2 ? dir.read(V2_EVENTS).contains("frozen 1") : dir.read(V1_STATE).startsWith("FR");
    }

    /** Stops them, and waits until they all are; if they do not, all continue. */
    public void freeze() {
        if (!v1.isEmpty()) {
            freezeV1();
        } else if (!v2.isEmpty()) {
            freezeV2();
        } else {
            throw Failure.of(
                    Failure.Code.CGROUP, "the container has no cgroup, so it cannot be paused");
        }
    }

    private void freezeV1() {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            write(v1, V1_STATE, "FROZEN");
            if (read(v1, V1_STATE).equals("FROZEN")) {
                return;
            }
            if (attempt % RETRY == 0) {
                // A process that is just being born can keep the others from freezing.
                write(v1, V1_STATE, "THAWED");
            }
            Poll.pause(PAUSE_MILLIS);
        }
        write(v1, V1_STATE, "THAWED");
        throw refused();
    }

    private void freezeV2() {
        write(v2, V2_FREEZE, "1");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (read(v2, V2_EVENTS).contains("frozen 1")) {
                return;
            }
            Poll.pause(PAUSE_MILLIS);
        }
        write(v2, V2_FREEZE, "0");
        throw refused();
    }

    private static Failure refused() {
        return Failure.of(
                Failure.Code.CGROUP, "the container's processes do not freeze; they run again");
    }

    /** Returns whether the container may have frozen processes itself, in v1 cgroups of its own. */
    public boolean isNested() {
        return !v1.isEmpty() && new CgroupTree(kernel, v1).isNested();
    }

    /** Continues them; does nothing if they run. */
    public void thaw() {
        if (read(v1, V1_STATE).startsWith("F")) {
            write(v1, V1_STATE, "THAWED");
        }
        if (read(v2, V2_FREEZE).equals("1")) {
            write(v2, V2_FREEZE, "0");
        }
    }

    /**
     * Continues the processes of all v1 cgroups from {@code directory} down, which the container
     * may have frozen itself: those further down first, so that none runs before all are to.
     */
    static void thawTree(Kernel kernel, String directory) {
        new CgroupTree(kernel, directory)
                .leavesFirst(
                        cgroup -> {
                            CgroupTree.write(cgroup, V1_STATE, "THAWED");
                            return false;
                        });
    }

    private String read(String directory, String file) {
        return directory.isEmpty() ? "" : CgroupRemoval.readIfThere(kernel, directory + "/" + file);
    }

    private void write(String directory, String file, String value) {
        try (CgroupDir cgroup = CgroupDir.open(kernel, directory)) {
            cgroup.write(file, value);
        }
    }
}
