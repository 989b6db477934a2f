// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.MemoryPolicy;
import io.jrunc.spec.MemoryPolicyFlag;
import io.jrunc.spec.MemoryPolicyMode;
import io.jrunc.spec.Spec;
import java.util.List;

/** {@code linux.memoryPolicy}. Source: runtime-spec config-linux.md, set_mempolicy(2). */
final class MemoryPolicyCheck extends Check {
    private static final String FIELD = "linux.memoryPolicy";

    MemoryPolicyCheck() {
        super("memory policy");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        if (spec.linux().memoryPolicy().isPresent()) {
            check(spec.linux().memoryPolicy().get());
        }
    }

    private static void check(MemoryPolicy policy) {
        policy.nodeNumbers(); // they must be a list
        nodes(policy);
        flags(policy);
    }

    private static void nodes(MemoryPolicy policy) {
        MemoryPolicyMode mode = policy.mode();
        boolean without = mode == MemoryPolicyMode.DEFAULT || mode == MemoryPolicyMode.LOCAL;
        if (policy.nodes().isPresent() && without) {
            throw Texts.invalid(
                    FIELD + ".nodes",
                    policy.nodes().get(),
                    "means nothing to " + mode.specName(),
                    "remove it");
        }
        if (policy.nodes().isEmpty() && !without && mode != MemoryPolicyMode.PREFERRED) {
            throw Failure.invalid(
                    FIELD + ".nodes",
                    "is missing, but " + mode.specName() + " needs it",
                    "write for example \"0-1\"");
        }
    }

    /** What the kernel would answer with EINVAL, which says nothing. */
    private static void flags(MemoryPolicy policy) {
        MemoryPolicyMode mode = policy.mode();
        boolean fixed = policy.flags().contains(MemoryPolicyFlag.STATIC_NODES);
        boolean relative = policy.flags().contains(MemoryPolicyFlag.RELATIVE_NODES);
        if (fixed && relative) {
            throw Failure.invalid(
                    FIELD + ".flags",
                    "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other",
                    "keep one of them");
        }
        boolean nowhere =
                mode == MemoryPolicyMode.LOCAL
                        || mode == MemoryPolicyMode.PREFERRED && policy.nodes().isEmpty();
        if ((fixed || relative) && nowhere) {
            throw Failure.invalid(
                    FIELD + ".flags",
                    (fixed ? "MPOL_F_STATIC_NODES" : "MPOL_F_RELATIVE_NODES")
                            + " means nothing to "
                            + mode.specName()
                            + " without nodes",
                    "remove it");
        }
        boolean balanced = policy.flags().contains(MemoryPolicyFlag.NUMA_BALANCING);
        if (balanced && mode != MemoryPolicyMode.BIND && mode != MemoryPolicyMode.PREFERRED_MANY) {
            throw Failure.invalid(
                    FIELD + ".flags",
                    "MPOL_F_NUMA_BALANCING means nothing to " + mode.specName(),
                    "remove it, or choose MPOL_BIND or MPOL_PREFERRED_MANY");
        }
    }
}
