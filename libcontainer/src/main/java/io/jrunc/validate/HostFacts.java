// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

/**
 * What the checks must know beside the document.
 *
 * @param effectiveRoot whether the runtime's effective user is 0, perhaps in a user namespace
 * @param selinux whether SELinux is enabled
 * @param apparmor whether AppArmor is enabled
 * @param cgroupV2 whether the host has cgroup v2 and nothing else
 * @param systemdCgroups whether cgroups are asked of systemd
 * @param lastCapability the number in {@code /proc/sys/kernel/cap_last_cap}
 */
public record HostFacts(
        boolean effectiveRoot,
        boolean selinux,
        boolean apparmor,
        boolean cgroupV2,
        boolean systemdCgroups,
        int lastCapability) {}
