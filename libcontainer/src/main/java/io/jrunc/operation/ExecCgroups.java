// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cgroup.Hierarchy;
import io.jrunc.cgroup.OpenCgroups;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.state.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
     * @param below paths below the container's cgroups, or below what is delegated to it, by
     *     controller, "" for v2
     */
    OpenCgroups step(Map<String, String> below) {
        Map<String, String> chosen = new LinkedHashMap<>();
        state.cgroups().forEach((key, directory) -> chosen.put(key, present(key, directory)));
        Optional<String> delegated = state.delegatedCgroup();
        if (delegated.isPresent() && kernel.files().exists(delegated.get())) {
            chosen.put("", delegated.get()); // the cgroup above it holds no process
        }
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

    /** The container's cgroup; if it is gone, and init was moved before, where init is. */
    private String present(String key, String directory) {
        if (kernel.files().exists(directory)) {
            return directory;
        }
        Optional<Hierarchy> hierarchy = key.isEmpty() ? hierarchies.unified() : hierarchies.of(key);
        String path = hierarchy.isEmpty() ? "" : pathOfInit(key);
        if (path.isEmpty() || path.startsWith("/..")) {
            throw Failure.of(
                    Failure.Code.CGROUP,
                    "the container's cgroup "
                            + directory
                            + " is gone, and that of its init cannot be reached; a process outside"
                            + " of it would have no limits");
        }
        return hierarchy.get().mountPoint() + path;
    }

    /** Relative to the root of our cgroup namespace; empty if init is gone. */
    private String pathOfInit(String key) {
        String own = CgroupRemoval.readIfThere(kernel, "/proc/" + state.initPid() + "/cgroup");
        for (String line : own.split("\n", -1)) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(key)) {
                return parts[2];
            }
        }
        return "";
    }

    /** Without a controller, it is the same path in every hierarchy. */
    private void choose(Map<String, String> chosen, String controller, String path) {
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                throw Failure.of(
                        Failure.Code.USAGE,
                        "ExecOptions.cgroups: \""
                                + path
                                + "\" leaves the container's cgroup; name one below");
            }
        }
        List<String> keys =
                controller.isEmpty() ? List.copyOf(chosen.keySet()) : List.of(key(controller));
        if (keys.isEmpty()) {
            throw Failure.of(
                    Failure.Code.USAGE, "ExecOptions.cgroups: the container has no cgroup");
        }
        for (String key : keys) {
            String directory = chosen.get(key) + (path.startsWith("/") ? path : "/" + path);
            if (!kernel.files().exists(directory)) {
                throw Failure.of(
                        Failure.Code.USAGE,
                        "ExecOptions.cgroups: "
                                + directory
                                + " does not exist; create it, or name controllers that have one");
            }
            chosen.put(key, directory);
        }
    }

    private String key(String controller) {
        Optional<Hierarchy> hierarchy = hierarchies.of(controller);
        String key =
                hierarchy.isEmpty() || hierarchy.get().isUnified()
                        ? ""
                        : hierarchy.get().controllers().get(0);
        if (hierarchy.isEmpty() || !state.cgroups().containsKey(key)) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "ExecOptions.cgroups: the container has no cgroup of a controller \""
                            + controller
                            + "\"");
        }
        return key;
    }

    /**
     * Returns the cgroup of the container's processes. A v2 cgroup that enables controllers for
     * those below can hold no processes: the container has moved its own, and exec follows them.
     */
    private String whereProcessesMayBe(String directory) {
        String handedOn = CgroupRemoval.readIfThere(kernel, directory + "/cgroup.subtree_control");
        if (handedOn.isEmpty()) {
            return directory;
        }
        String path = pathOfInit("");
        return path.isEmpty() ? directory : hierarchies.unified().orElseThrow().mountPoint() + path;
    }
}
