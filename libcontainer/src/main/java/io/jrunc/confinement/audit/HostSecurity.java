// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import java.util.Set;

/**
 * What of the host matters to the judgement.
 *
 * @param selinux whether SELinux is enabled
 * @param apparmor whether AppArmor is enabled
 * @param controllers by their v1 names, whose limits the caller may set here
 */
public record HostSecurity(boolean selinux, boolean apparmor, Set<String> controllers) {
    public HostSecurity {
        controllers = Set.copyOf(controllers);
    }
}
