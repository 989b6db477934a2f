// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.file.Poll;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ends all processes of a container, however fast they multiply, and whatever cgroups of its own it
 * has made: v2 kills a cgroup as a whole, threaded ones below it included; on v1, frozen processes
 * cannot fork. Those that were paused, by the runtime or by the container itself in a cgroup
 * further down, die without running again. Sources: kernel documentation, "cgroup.kill" in
 * cgroup-v2, cgroup-v1/freezer-subsystem.
 *
 * @param directories its cgroups in all hierarchies
 */
public record KillCgroups(Kernel kernel, List<String> directories) {
    private static final String KILL = "cgroup.kill";
    private static final String FREEZER = "freezer.state";
    private static final int ATTEMPTS = 200;
    private static final int PAUSE_MILLIS = 5;

    public KillCgroups {
        directories = List.copyOf(directories);
    }

    /** Kills them, and waits until there are none. */
    public void run() {
        List<String> freezers = having(FREEZER);
        List<String> unified = having(KILL);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<String> populated = populated();
            if (populated.isEmpty()) {
                return;
            }
            if (!killWhole(unified, populated)) {
                freezers.forEach(directory -> write(directory, FREEZER, "FROZEN"));
                killEach();
            }
            freezers.forEach(directory -> Freezer.thawTree(kernel, directory));
            Poll.pause(PAUSE_MILLIS);
        }
        throw Failure.of(
                Failure.Code.CGROUP, "processes in " + populated() + " do not end when killed");
    }

    private List<String> having(String file) {
        List<String> found = new ArrayList<>();
        for (String directory : directories) {
            if (kernel.files().exists(directory + "/" + file)) {
                found.add(directory);
            }
        }
        return found;
    }

    private List<String> populated() {
        List<String> populated = new ArrayList<>();
        for (String directory : directories) {
            if (CgroupRemoval.isPopulated(kernel, directory)) {
                populated.add(directory);
            }
        }
        return populated;
    }

    private boolean killWhole(List<String> unified, List<String> populated) {
        boolean written = false;
        for (String directory : unified) {
            if (populated.contains(directory)) {
                write(directory, KILL, "1");
                written = true;
            }
        }
        return written;
    }

    private void killEach() {
        Set<Integer> pids = new TreeSet<>();
        for (String directory : directories) {
            pids.addAll(CgroupRemoval.processes(kernel, directory));
        }
        for (int pid : pids) {
            kernel.processes().kill(pid, Signal.SIGKILL);
        }
    }

    /** Another command may remove the cgroup meanwhile: then it has no process left. */
    private void write(String directory, String file, String value) {
        try (CgroupDir dir = CgroupDir.open(kernel, directory)) {
            dir.write(file, value);
        } catch (Failure f) {
            if (!f.is(Errno.ENOENT) && !f.is(Errno.ENODEV)) {
                throw f;
            }
        }
    }
}
