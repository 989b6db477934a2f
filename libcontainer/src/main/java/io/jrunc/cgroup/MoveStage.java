// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves the stage, with which systemd has made the unit, below the unit's cgroup: a v2 cgroup with
 * processes hands no controllers on. cgroups(7), "no internal processes rule".
 *
 * @param unit its cgroup
 * @param below the cgroups from there down, which are made
 */
public record MoveStage(Cgroup unit, List<String> below) implements Step {
    private static final int MODE = 0755;

    public MoveStage {
        below = List.copyOf(below);
    }

    /** The step for a container below its unit's cgroup; in a slice, systemd puts no process. */
    public static Optional<MoveStage> of(CgroupSetup cgroups) {
        List<String> below = new ArrayList<>();
        cgroups.subgroup().ifPresent(below::add);
        cgroups.delegated().ifPresent(below::add);
        boolean isSlice = cgroups.unit().map(SystemdUnit::isSlice).orElse(false);
        if (below.isEmpty() || isSlice) {
            return Optional.empty();
        }
        Cgroup unified = cgroups.unified().orElseThrow();
        Cgroup unit = new Cgroup(unified.hierarchy(), cgroups.unitPath());
        return Optional.of(new MoveStage(unit, below));
    }

    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "move the stage to cgroup " + target();
    }

    @Override
    public String field() {
        return "linux.cgroupsPath";
    }

    private String target() {
        return unit.directory() + "/" + String.join("/", below);
    }

    @Override
    public void apply(SetupContext context) {
        Kernel kernel = context.runtime();
        String directory = unit.directory();
        for (String name : below) {
            try (CgroupDir dir = CgroupDir.open(kernel, directory)) {
                kernel.directories()
                        .mkdir(dir.descriptor(), name, MODE)
                        .tolerate(Errno.EEXIST)
                        .submit();
            }
            directory = directory + "/" + name;
        }
        try (CgroupDir dir = CgroupDir.open(kernel, directory)) {
            dir.write("cgroup.procs", Integer.toString(context.stagePid()));
        }
    }
}
