// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.List;

/**
 * Takes hold of cgroups that exist, for another process to join them.
 *
 * @param directories those of v1 hierarchies
 * @param unified that of the v2 hierarchy; empty if there is none
 */
public record OpenCgroups(List<String> directories, String unified) implements Step {
    public OpenCgroups {
        directories = List.copyOf(directories);
    }

    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "open the container's cgroups";
    }

    @Override
    public String field() {
        return "linux.cgroupsPath";
    }

    @Override
    public void apply(SetupContext context) {
        Kernel runtime = context.runtime();
        for (String directory : directories) {
            try (CgroupDir cgroup = CgroupDir.open(runtime, directory)) {
                context.cgroups().tasks().add(cgroup.openFile("tasks", OpenFlag.WRONLY));
            }
        }
        if (!unified.isEmpty()) {
            try (CgroupDir cgroup = CgroupDir.open(runtime, unified)) {
                context.cgroups().setUnified(runtime.descriptors().duplicate(cgroup.descriptor()));
            }
        }
    }
}
