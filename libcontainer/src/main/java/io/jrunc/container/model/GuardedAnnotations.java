// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.compile.CompiledFilter;
import io.jrunc.spec.CrunAnnotations;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The annotations of a container that count only if its caller allows them. Whether its groups are
 * kept is also up to a caller that is not the host's root: it has no more than its user has.
 */
public record GuardedAnnotations(Map<String, String> annotations, ProcessSpawner spawner) {
    public GuardedAnnotations {
        annotations = Map.copyOf(annotations);
    }

    private boolean isAllowed(String name) {
        boolean harmless =
                name.equals(CrunAnnotations.KEEP_GROUPS)
                        && (Host.effectiveUid() != 0 || Host.isInUserNamespace());
        return harmless || spawner.allows(name);
    }

    /** Whether the program keeps the caller's supplementary groups. */
    public boolean keepsGroups() {
        String name = CrunAnnotations.KEEP_GROUPS;
        return isHeeded(name) && CrunAnnotations.isOn(annotations, name);
    }

    /** The socket that gets a descriptor of init. */
    public Optional<String> pidfdReceiver() {
        String name = CrunAnnotations.PIDFD_RECEIVER;
        return isHeeded(name) ? CrunAnnotations.path(annotations, name) : Optional.empty();
    }

    /**
     * Returns {@code spec} with the filter, or the listener, that these annotations name. A
     * listener in {@code linux.seccomp} stays. {@link Failure} if there is none at all and the
     * filter needs one.
     */
    public Spec filtered(Spec spec) {
        Optional<Seccomp> filter = spec.linux().seccomp();
        if (isHeeded(CrunAnnotations.SECCOMP_BPF_DATA)) {
            String data = annotations.getOrDefault(CrunAnnotations.SECCOMP_BPF_DATA, "");
            requireInstructions(data);
            filter = Optional.of(Seccomp.compiled(data, filter.flatMap(Seccomp::flags)));
            return spec.withSeccomp(filter.get());
        }
        if (filter.isEmpty() || filter.get().listenerPath().isPresent()) {
            return spec;
        }
        if (isHeeded(CrunAnnotations.SECCOMP_RECEIVER)) {
            String path =
                    CrunAnnotations.path(annotations, CrunAnnotations.SECCOMP_RECEIVER)
                            .orElseThrow();
            return spec.withSeccomp(filter.get().withListener(path));
        }
        if (filter.get().notifies()) {
            throw Failure.invalid(
                    "linux.seccomp.listenerPath",
                    "is missing, but SCMP_ACT_NOTIFY needs it",
                    "write the path of the agent's socket, or give --allow-annotation "
                            + CrunAnnotations.SECCOMP_RECEIVER);
        }
        return spec;
    }

    private static void requireInstructions(String base64) {
        try {
            CompiledFilter.read(base64);
        } catch (IllegalArgumentException e) {
            throw Failure.invalid(
                    CrunAnnotations.field(CrunAnnotations.SECCOMP_BPF_DATA),
                    String.valueOf(e.getMessage()),
                    "write the base64 of a compiled filter");
        }
    }

    private boolean isHeeded(String name) {
        return annotations.containsKey(name) && isAllowed(name);
    }

    /** What is there and is not heeded, a sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (String name : CrunAnnotations.GUARDED) {
            if (annotations.containsKey(name) && !isAllowed(name)) {
                warnings.add(
                        CrunAnnotations.field(name)
                                + " may come from an image, and takes --allow-annotation "
                                + name
                                + ", ignoring");
            }
        }
        return warnings;
    }
}
