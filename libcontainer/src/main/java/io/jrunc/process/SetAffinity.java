// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Kernel;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.ExecCpuAffinity;
import io.jrunc.spec.NumberList;

/**
 * Sets the CPUs of a process of {@code exec}: those on which it starts, outside of the container's
 * cgroup, and the final ones, inside. Source: runtime-spec config.md#linux-process,
 * execCPUAffinity.
 *
 * @param cpus such as {@code 0-3,7}
 * @param initial whether this is where it starts
 */
public record SetAffinity(String cpus, boolean initial) implements Step {
    @Override
    public Actor actor() {
        return initial ? Actor.STAGE : Actor.INIT;
    }

    @Override
    public String title() {
        return (initial ? "start on CPUs " : "run on CPUs ") + cpus;
    }

    @Override
    public String field() {
        return "process.execCPUAffinity." + (initial ? "initial" : "final");
    }

    @Override
    public void apply(SetupContext context) {
        Kernel process = initial ? context.stage() : context.init();
        process.scheduling()
                .setAffinity(NumberList.parse(field(), cpus, ExecCpuAffinity.LAST_CPU))
                .submit();
    }
}
