// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import java.util.Optional;

/**
 * A process that runs in a container.
 *
 * @param pid as the runtime sees it
 * @param terminal the master of its terminal, the caller's to close; empty without one
 * @param memoryShortage why it has ended already, if it was killed because memory ran out as it
 *     became its program; only set for a caller that waits for it; others get it as a failure
 */
public record ContainerProcess(int pid, Optional<Fd> terminal, Optional<Failure> memoryShortage) {}
