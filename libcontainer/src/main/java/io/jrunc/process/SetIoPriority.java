// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Errno;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.IoPriority;

/**
 * Sets in which order the program gets at disks: from outside, for the real-time class takes
 * CAP_SYS_NICE in the first user namespace. ioprio_set(2).
 */
record SetIoPriority(IoPriority priority) implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "set the I/O priority to "
                + priority.ioClass().specName()
                + " "
                + priority.priority();
    }

    @Override
    public String field() {
        return "process.ioPriority";
    }

    @Override
    public void apply(SetupContext context) {
        context.runtime()
                .scheduling()
                .setIoPriority(
                        context.initPid(),
                        priority.ioClass().number(),
                        priority.ioClass().specName(),
                        priority.priority())
                .hint(Errno.EPERM, "the real-time class needs CAP_SYS_NICE or CAP_SYS_ADMIN")
                .submit();
    }
}
