package io.jrunc.container;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cgroup.Hierarchy;
import io.jrunc.cgroup.OpenCgroups;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides which cgroups a further process of a container joins. */
final class ExecCgroups {
    private final Kernel kernel;
    private final State state;
    private final Hierarchies hierarchies;

    ExecCgroups(Kernel kernel, State state, Hierarchies hierarchies) {
        this.kernel = kernel;
        this.state = state;
        this.hierarchies = hierarchies;
    }

    /**
     * The step that opens them.
     *
     * @param below paths below the container's cgroups, by controller, "" for v2
     */
    OpenCgroups step(Map<String, String> below) {
        Map<String, String> chosen = new LinkedHashMap<>();
        state.cgroups()
                .forEach(
                        (key, directory) -> {
                            // One that a rootless caller could not create is done without.
                            if (kernel.files().exists(directory)) {
                                chosen.put(key, directory);
                            }
                        });
        below.forEach((controller, path) -> choose(chosen, controller, path));
        if (!below.containsKey("") && chosen.containsKey("")) {
            chosen.put("", whereProcessesMayBe(chosen.get("")));
        }
        List<String> directories = new ArrayList<>();
        chosen.forEach(
                (key, directory) -> {
                    if (!key.isEmpty()) {
                        directories.add(directory);
                    }
                });
        return new OpenCgroups(directories, chosen.getOrDefault("", ""));
    }

    private void choose(Map<String, String> chosen, String controller, String path) {
        String key = key(controller);
        String directory = state.cgroups().get(key);
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                throw Failure.of(
                        "usage",
                        "--cgroup: \"" + path + "\" leaves the container's cgroup; name one below");
            }
        }
        chosen.put(key, directory + (path.startsWith("/") ? path : "/" + path));
    }

    private String key(String controller) {
        Hierarchy hierarchy =
                controller.isEmpty() ? hierarchies.unified() : hierarchies.of(controller);
        String key =
                hierarchy == null || hierarchy.isUnified() ? "" : hierarchy.controllers().get(0);
        if (hierarchy == null || !state.cgroups().containsKey(key)) {
            throw Failure.of(
                    "usage",
                    controller.isEmpty()
                            ? "--cgroup: a path without a controller needs cgroup v2; write"
                                    + " controller:path"
                            : "--cgroup: the container has no cgroup of a controller \""
                                    + controller
                                    + "\"");
        }
        return key;
    }

    /**
     * A v2 cgroup that hands its controllers on can hold no processes: the container has moved its
     * own away, and the newcomer goes where they are.
     */
    private String whereProcessesMayBe(String directory) {
        String handedOn = CgroupRemoval.readIfThere(kernel, directory + "/cgroup.subtree_control");
        if (handedOn.isEmpty()) {
            return directory;
        }
        String own = CgroupRemoval.readIfThere(kernel, "/proc/" + state.initPid() + "/cgroup");
        for (String line : own.split("\n", -1)) {
            if (line.startsWith("0::")) {
                return hierarchies.unified().mountPoint() + line.substring("0::".length());
            }
        }
        return directory;
    }
}
