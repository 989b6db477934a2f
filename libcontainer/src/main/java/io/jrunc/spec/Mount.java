// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;
import java.util.Optional;

/**
 * An entry of {@code mounts}. Source: runtime-spec config.md#mounts, mount(8).
 *
 * @param destination where, inside the container; a relative path counts from its root
 * @param type a filesystem of the kernel; ignored for bind mounts, where it may be absent
 * @param source a device, a name, or for bind mounts a path, absolute or relative to the bundle
 * @param options in the words of fstab(5)
 * @param uidMappings for an idmapped mount: what the owners of its files look like
 * @param gidMappings for an idmapped mount: what the groups of its files look like
 */
public record Mount(
        String destination,
        Optional<String> type,
        Optional<String> source,
        List<String> options,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings) {
    public Mount {
        options = List.copyOf(options);
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
    }

    /**
     * Whether a bind mount is asked for: by the option {@code bind} or {@code rbind}, or the type.
     */
    public boolean isBind() {
        return options.contains("bind") || isRecursiveBind() || type.orElse("").equals("bind");
    }

    /** Whether the mounts below the source are wanted as well. */
    public boolean isRecursiveBind() {
        return options.contains("rbind");
    }
}
