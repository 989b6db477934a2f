// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Processes;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Rlimit;
import java.util.List;

/**
 * Raises hard limits that are to be higher than the runtime's own: from outside, for in a user
 * namespace the container could not. Lower limits wait until the program starts, or init itself
 * could no longer work.
 */
record RaiseLimits(List<Rlimit> limits) implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "raise limits that are above the runtime's own";
    }

    @Override
    public String field() {
        return "process.rlimits";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Processes processes = context.runtime().processes();
        for (Rlimit limit : limits) {
            long[] now = processes.limits(context.initPid(), limit.type().number());
            if (Long.compareUnsigned(limit.hard(), now[1]) > 0) {
                int number = limit.type().number();
                String name = limit.type().specName();
                processes.setLimit(context.initPid(), number, name, now[0], limit.hard()).submit();
            }
        }
    }
}
