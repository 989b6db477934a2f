// SPDX-License-Identifier: Apache-2.0
/**
 * What is done with a container, one class for each operation, and the two recipes that they
 * follow: {@link io.jrunc.operation.ContainerPlan} for a container, {@link
 * io.jrunc.operation.ExecPlan} for a further process in it. Steps belong in the package of their
 * subject ({@code rootfs}, {@code cgroup}, {@code process}); what they share, in {@code setup};
 * what a caller sees, in {@code container}.
 */
@NullMarked
package io.jrunc.operation;

import org.jspecify.annotations.NullMarked;
