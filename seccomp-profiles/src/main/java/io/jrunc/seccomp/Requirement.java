package io.jrunc.seccomp;

import java.util.List;
import java.util.Optional;

/**
 * {@code includes} or {@code excludes} of a rule in an engine's profile. What it names and nobody
 * knows is never there: a profile may be newer than this program.
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
    boolean isMetBy(Circumstances circumstances) {
        return (arches.isEmpty() || hasArchitecture(circumstances))
                && circumstances.capabilities().containsAll(caps)
                && (minKernel.isEmpty() || hasKernel(circumstances));
    }

    /** As {@code excludes}: any of the architectures, any of the capabilities, or the kernel. */
    boolean isTouchedBy(Circumstances circumstances) {
        for (String capability : caps) {
            if (circumstances.capabilities().contains(capability)) {
                return true;
            }
        }
        return hasArchitecture(circumstances) || hasKernel(circumstances);
    }

    private boolean hasArchitecture(Circumstances circumstances) {
        return arches.contains(circumstances.architecture().engineName());
    }

    private boolean hasKernel(Circumstances circumstances) {
        return minKernel.isPresent() && circumstances.kernel().compareTo(minKernel.get()) >= 0;
    }
}
