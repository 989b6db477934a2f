// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.profile;

import io.jrunc.seccomp.Architecture;
import java.util.List;
import java.util.Optional;

/**
 * {@code includes} or {@code excludes} of a rule in an engine's profile. Unknown names never match:
 * a profile may be newer than this program.
 *
 * @param arches by Docker's names; see {@link Architecture#engineName}
 * @param caps capabilities
 * @param minKernel the kernel is this one or newer
 */
public record Requirement(
        List<String> arches, List<String> caps, Optional<KernelVersion> minKernel) {
    /** Asks for nothing. */
    public static final Requirement NONE = new Requirement(List.of(), List.of(), Optional.empty());

    public Requirement {
        arches = List.copyOf(arches);
        caps = List.copyOf(caps);
    }

    /** As {@code includes}: one of the architectures, all capabilities, and the kernel. */
    boolean isMetBy(ProfileContext profileContext) {
        return (arches.isEmpty() || hasArchitecture(profileContext))
                && profileContext.capabilities().containsAll(caps)
                && (minKernel.isEmpty() || hasKernel(profileContext));
    }

    /** As {@code excludes}: any of the architectures, any of the capabilities, or the kernel. */
    boolean isTouchedBy(ProfileContext profileContext) {
        for (String capability : caps) {
            if (profileContext.capabilities().contains(capability)) {
                return true;
            }
        }
        return hasArchitecture(profileContext) || hasKernel(profileContext);
    }

    private boolean hasArchitecture(ProfileContext profileContext) {
        return arches.contains(profileContext.architecture().engineName());
    }

    private boolean hasKernel(ProfileContext profileContext) {
        return minKernel.isPresent() && profileContext.kernel().compareTo(minKernel.get()) >= 0;
    }
}
