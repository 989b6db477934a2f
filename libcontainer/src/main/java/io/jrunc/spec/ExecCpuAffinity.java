// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.Optional;

/**
 * {@code process.execCPUAffinity}: lists such as {@code 0-3,7}. Source: runtime-spec
 * config.md#linux-process.
 *
 * @param initialCpus where the process runs until it has joined the cgroup; absent leaves it to the
 *     kernel
 * @param finalCpus where the process runs afterwards; absent leaves it to the kernel
 */
public record ExecCpuAffinity(Optional<String> initialCpus, Optional<String> finalCpus) {
    /** The greatest number of a CPU, far beyond what kernels are built for. */
    public static final int LAST_CPU = 65535;

    /** Nothing is said. */
    public static final ExecCpuAffinity NONE =
            new ExecCpuAffinity(Optional.empty(), Optional.empty());
}
