// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.host.Host;
import io.jrunc.spec.CrunAnnotations;
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
        return annotations.containsKey(name)
                && isAllowed(name)
                && CrunAnnotations.isOn(annotations, name);
    }

    /** The socket that gets a descriptor of init. */
    public Optional<String> pidfdReceiver() {
        String name = CrunAnnotations.PIDFD_RECEIVER;
        return annotations.containsKey(name) && isAllowed(name)
                ? CrunAnnotations.path(annotations, name)
                : Optional.empty();
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
