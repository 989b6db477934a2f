// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Mount;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.List;

/**
 * {@code mounts} with {@code idmap}, {@code ridmap} or mappings. Source: runtime-spec
 * config.md#posix-platform-mounts, mount_setattr(2).
 */
final class IdMappedMountCheck extends Check {
    IdMappedMountCheck() {
        super("idmapped mounts");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        boolean userNamespace = spec.linux().namespace(NamespaceType.USER).isPresent();
        List<Mount> mounts = spec.mounts();
        for (int i = 0; i < mounts.size(); i++) {
            if (isIdMapped(mounts.get(i))) {
                mount("mounts[" + i + ']', mounts.get(i), userNamespace, facts);
            }
        }
    }

    private static boolean isIdMapped(Mount mount) {
        return !mount.uidMappings().isEmpty()
                || !mount.gidMappings().isEmpty()
                || mount.options().contains("idmap")
                || mount.options().contains("ridmap")
                || namesIds(mount);
    }

    /** Returns whether the maps are written behind the option, in crun's way. */
    private static boolean namesIds(Mount mount) {
        for (String option : mount.options()) {
            if (option.startsWith("idmap=") || option.startsWith("ridmap=")) {
                return true;
            }
        }
        return false;
    }

    private static void mount(String field, Mount mount, boolean userNamespace, HostFacts facts) {
        if (!mount.isBind()) {
            throw Failure.invalid(
                    field, "only a bind mount can be idmapped", "add bind or rbind to its options");
        }
        if (!facts.effectiveRoot()) {
            throw Failure.invalid(
                    field, "only root can make an idmapped mount", "remove idmap and the mappings");
        }
        if (mount.uidMappings().isEmpty() != mount.gidMappings().isEmpty()) {
            String missing = mount.uidMappings().isEmpty() ? ".uidMappings" : ".gidMappings";
            throw Failure.invalid(
                    field + missing,
                    "is missing, but an idmapped mount needs both mappings",
                    "add it");
        }
        if (!mount.uidMappings().isEmpty() && namesIds(mount)) {
            throw Failure.invalid(
                    field + ".uidMappings",
                    "and the option idmap= both say what to map",
                    "keep one of them");
        }
        if (mount.uidMappings().isEmpty() && !userNamespace && !namesIds(mount)) {
            throw Failure.invalid(
                    field,
                    "idmap without mappings takes those of a user namespace, but there is none",
                    "add uidMappings and gidMappings");
        }
        UserNamespaceCheck.check(field + ".uidMappings", mount.uidMappings());
        UserNamespaceCheck.check(field + ".gidMappings", mount.gidMappings());
    }
}
