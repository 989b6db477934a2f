// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Spec;
import java.util.List;

/**
 * Options {@code uid=} and {@code gid=} of {@code mounts} in a user namespace: the kernel says no
 * more than EINVAL of an id that is not mapped. Source: user_namespaces(7).
 */
final class MountOwnerCheck extends Check {
    MountOwnerCheck() {
        super("mount owners");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        Linux linux = spec.linux();
        List<Mount> mounts = spec.mounts();
        for (int i = 0; i < mounts.size(); i++) {
            if (!mounts.get(i).isBind()) {
                String field = "mounts[" + i + "].options";
                check(field, mounts.get(i), "uid=", "linux.uidMappings", linux.uidMappings());
                check(field, mounts.get(i), "gid=", "linux.gidMappings", linux.gidMappings());
            }
        }
    }

    private static void check(
            String field, Mount mount, String key, String mapField, List<IdMapping> mappings) {
        for (String option : mount.options()) {
            if (!mappings.isEmpty() && option.startsWith(key)) {
                String id = option.substring(key.length());
                if (id.matches("[0-9]{1,10}") && !isMapped(Long.parseLong(id), mappings)) {
                    throw Failure.invalid(
                            field,
                            Texts.quoted(option) + " is not mapped by " + mapField,
                            "map it, or remove the option");
                }
            }
        }
    }

    private static boolean isMapped(long id, List<IdMapping> mappings) {
        return mappings.stream()
                .anyMatch(
                        mapping ->
                                mapping.containerId() <= id
                                        && id < mapping.containerId() + mapping.size());
    }
}
