// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.setup.Step;
import io.jrunc.spec.Linux;
import io.jrunc.spec.ProcessSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides when and where the program runs. Last of all, for the set-up need not obey it, and in the
 * container's cgroups, which have a say in it. Touches nothing.
 */
public final class MachineSteps {
    private MachineSteps() {}

    /** Returns the steps that set what init passes on to the program. */
    public static List<Step> of(Optional<ProcessSpec> process, Linux linux) {
        List<Step> steps = new ArrayList<>();
        // Before the policy: the deadline scheduler wants all CPUs and then keeps them.
        steps.add(new ResetAffinity());
        if (process.isPresent() && process.get().scheduler().isPresent()) {
            steps.add(new SetScheduler(process.get().scheduler().get()));
        }
        if (process.isPresent() && process.get().ioPriority().isPresent()) {
            steps.add(new SetIoPriority(process.get().ioPriority().get()));
        }
        if (linux.personality().isPresent()) {
            steps.add(new SetPersonality(linux.personality().get().domain()));
        }
        if (linux.memoryPolicy().isPresent()) {
            steps.add(new SetMemoryPolicy(linux.memoryPolicy().get()));
        }
        return steps;
    }
}
