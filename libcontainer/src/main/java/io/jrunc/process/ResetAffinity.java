// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Errno;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/**
 * Lets init run on all CPUs of its cpuset: a runtime that was bound to a CPU must not bind the
 * container. sched_setaffinity(2).
 */
record ResetAffinity() implements Step {
    @Override
    public String title() {
        return "let it run on all CPUs";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        // EPERM comes of security modules and filters around the runtime: the container runs then
        // where the runtime does. EINVAL: another one is just changing the cpuset.
        context.init().scheduling().setAffinityToAll().tolerate(Errno.EINVAL, Errno.EPERM).submit();
    }
}
