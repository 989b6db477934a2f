// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.cgroup.KillCgroups;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Removes a container whose state is lost. A created init is found by its socket, others by the
 * cgroups that the specification names; a create would have refused cgroups that others use.
 */
public record LostStateRemoval(
        Kernel kernel, StateDirectory directory, Host host, CgroupManager cgroups, String id) {
    /**
     * Ends its processes, and removes its cgroups and its directory.
     *
     * @param warnings receives what cannot be done
     */
    public void run(Consumer<String> warnings) {
        boolean wasCreated = hangUp();
        List<String> found = cgroupsThere(warnings);
        if (!wasCreated && found.isEmpty()) {
            warnings.accept(
                    "container "
                            + id
                            + ": none of its cgroups was found; its processes, if there are any,"
                            + " go on");
        }
        new KillCgroups(kernel, found).run();
        found.forEach(cgroup -> CgroupRemoval.remove(kernel, cgroup));
        directory.submitRemoval(kernel);
    }

    /**
     * Returns an init that waits to be started ends when its first peer hangs up; returns if one
     * did.
     */
    private boolean hangUp() {
        try (Fd socket = kernel.sockets().unixStream("init")) {
            kernel.sockets().connect(socket, directory.socketPath(StateDirectory.CONTROL));
            return true;
        } catch (Failure f) {
            return false; // there is no socket, or the program runs by now
        }
    }

    private List<String> cgroupsThere(Consumer<String> warnings) {
        List<String> there = new ArrayList<>();
        try {
            Linux linux = linux(warnings);
            CgroupSetup setup = cgroups.place(host.hierarchies(), linux, id);
            for (var cgroup : setup.cgroups()) {
                boolean ours = setup.unit().isEmpty() || !SystemdUnit.watches(cgroup.key());
                if (ours && kernel.files().exists(cgroup.directory())) {
                    there.add(cgroup.directory());
                }
            }
        } catch (Failure f) {
            warnings.accept(f.getMessage() + ", ignoring");
        }
        return there;
    }

    private Linux linux(Consumer<String> warnings) {
        Optional<byte[]> config = directory.read(StateDirectory.CONFIG);
        if (config.isEmpty()) {
            return Linux.NONE;
        }
        try {
            Spec spec = SpecReader.read(config.get());
            boolean hooks = !spec.hooks().poststop().isEmpty();
            if (hooks) {
                warnings.accept("container " + id + ": its poststop hooks are not run");
            }
            return spec.linux();
        } catch (Failure f) {
            warnings.accept(StateDirectory.damaged(StateDirectory.CONFIG, id, f).getMessage());
            return Linux.NONE;
        }
    }
}
