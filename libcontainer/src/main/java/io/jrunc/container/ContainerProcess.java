package io.jrunc.container;

import io.jrunc.linux.Fd;

/**
 * A process that runs in a container.
 *
 * @param pid as the runtime sees it
 * @param terminal the master of its terminal, the caller's to close; null without one
 */
public record ContainerProcess(int pid, Fd terminal) {}
