// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.v2.SubtreeControl;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.CrunAnnotations;

/**
 * Creates a cgroup in the container's, for init to begin in, and hands all controllers on to it.
 * The container divides it as it likes; the limits are above, where it cannot reach. Source:
 * crun(1), {@code run.oci.delegate-cgroup}.
 *
 * @param cgroup the container's, which has the limits
 */
public record CreateDelegatedCgroup(Cgroup cgroup, String name) implements Step {
    private static final int MODE = 0755;

    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "create cgroup " + cgroup.below(name).directory() + ", which init begins in";
    }

    @Override
    public String field() {
        return CrunAnnotations.field(CrunAnnotations.DELEGATE_CGROUP);
    }

    @Override
    public void apply(SetupContext context) {
        if (!context.cgroups().directories().contains(cgroup.directory())) {
            return; // a rootless caller does without
        }
        Kernel kernel = context.runtime();
        try (CgroupDir dir = CgroupDir.open(kernel, cgroup.directory())) {
            kernel.directories()
                    .mkdir(dir.descriptor(), name, MODE)
                    .tolerate(Errno.EEXIST)
                    .submit();
        }
        SubtreeControl.enableAllBelow(kernel, cgroup.directory());
        String delegated = cgroup.below(name).directory();
        try (CgroupDir dir = CgroupDir.open(kernel, delegated)) {
            context.cgroups().setDelegated(kernel.descriptors().duplicate(dir.descriptor()));
        }
        context.cgroups().directories().add(delegated);
    }
}
