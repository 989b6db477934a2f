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
        MemoryPolicyMode mode = policy.mode();
        boolean nodes = policy.nodes().isPresent();
        boolean without = mode == MemoryPolicyMode.DEFAULT || mode == MemoryPolicyMode.LOCAL;
        if (nodes) {
            Texts.numberList(FIELD + ".nodes", policy.nodes().get());
        }
        if (nodes && without) {
            throw Texts.invalid(
                    FIELD + ".nodes",
                    policy.nodes().get(),
                    "means nothing to " + mode.specName(),
                    "remove it");
        }
        if (!nodes && !without && mode != MemoryPolicyMode.PREFERRED) {
            throw Failure.invalid(
                    FIELD + ".nodes",
                    "is missing, but " + mode.specName() + " needs it",
                    "write for example \"0-1\"");
        }
        if (policy.flags().contains(MemoryPolicyFlag.STATIC_NODES)
                && policy.flags().contains(MemoryPolicyFlag.RELATIVE_NODES)) {
            throw Failure.invalid(
                    FIELD + ".flags",
                    "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other",
                    "keep one of them");
        }
    }
}
