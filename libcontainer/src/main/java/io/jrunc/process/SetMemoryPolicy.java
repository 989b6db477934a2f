// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Errno;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.MemoryPolicy;
import io.jrunc.spec.MemoryPolicyFlag;

/** Sets from which NUMA nodes the program's memory comes. set_mempolicy(2). */
record SetMemoryPolicy(MemoryPolicy policy) implements Step {
    @Override
    public String title() {
        return "set the memory policy to "
                + policy.mode().specName()
                + policy.nodes().map(nodes -> " of the nodes " + nodes).orElse("");
    }

    @Override
    public String field() {
        return "linux.memoryPolicy";
    }

    @Override
    public void apply(SetupContext context) {
        int mode = policy.mode().number();
        for (MemoryPolicyFlag flag : policy.flags()) {
            mode |= flag.bit();
        }
        context.init()
                .scheduling()
                .setMemoryPolicy(mode, policy.mode().specName(), policy.nodeNumbers())
                .hint(
                        Errno.EINVAL,
                        "a node is not there or not in linux.resources.cpu.mems, or this kernel"
                                + " lacks the mode or a flag")
                .hint(Errno.ENOSYS, "this kernel knows no NUMA nodes")
                .submit();
    }
}
