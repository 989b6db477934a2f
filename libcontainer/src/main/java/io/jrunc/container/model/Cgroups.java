// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

/** What makes the cgroups of containers. */
public enum Cgroups {
    /** This program: directories below its own cgroups, or where the specification says. */
    CGROUPFS,
    /** systemd, a unit per container: that of the machine for root, else that of the user. */
    SYSTEMD,
    /** Nothing: containers stay in this program's cgroups, and can have no limits. */
    NONE
}
