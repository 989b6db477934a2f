// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.profile;

import io.jrunc.seccomp.Architecture;
import java.util.Collection;
import java.util.Set;

/**
 * What an engine's profile depends on.
 *
 * @param capabilities with {@code CAP_}; engines take the bounding set of the container's process
 * @param architecture the machine's own
 * @param kernel the running one
 */
public record ProfileContext(
        Set<String> capabilities, Architecture architecture, KernelVersion kernel) {
    public ProfileContext {
        capabilities = Set.copyOf(capabilities);
    }

    /** This machine, and a container with some capabilities. */
    public static ProfileContext here(Collection<String> capabilities) {
        return new ProfileContext(
                Set.copyOf(capabilities),
                Architecture.ofThisMachine(),
                KernelVersion.ofThisMachine());
    }
}
