package io.jrunc.seccomp;

import java.util.Collection;
import java.util.Set;

/**
 * What an engine's profile depends on.
 *
 * @param capabilities with {@code CAP_}; engines take the bounding set of the container's process
 * @param architecture the machine's own
 * @param kernel the running one
 */
public record Circumstances(
        Set<String> capabilities, Architecture architecture, KernelVersion kernel) {
    public Circumstances {
        capabilities = Set.copyOf(capabilities);
    }

    /** This machine, and a container with some capabilities. */
    public static Circumstances here(Collection<String> capabilities) {
        return new Circumstances(
                Set.copyOf(capabilities),
                Architecture.ofThisMachine(),
                KernelVersion.ofThisMachine());
    }
}
