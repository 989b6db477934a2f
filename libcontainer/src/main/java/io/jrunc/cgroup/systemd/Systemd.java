// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import java.util.List;

/** What is asked of a systemd. Source: org.freedesktop.systemd1(5). */
interface Systemd extends AutoCloseable {
    /** Returns its version, for example 252. */
    int version();

    /** Starts a transient unit and waits until it is there. */
    void start(String unit, List<UnitProperty> properties);

    /**
     * Returns the unit's cgroup, below the mount points; empty if it has none, or there is no such
     * unit.
     */
    String cgroup(String unit);

    /** Changes properties until the next boot. */
    void set(String unit, List<UnitProperty> properties);

    /**
     * Puts a process into a cgroup of the unit's.
     *
     * @param below from the unit's own down, beginning with a slash; "" for that itself
     */
    void attach(String unit, String below, int pid);

    /** Stops the unit, if it is there, and has systemd forget that it failed, if it did. */
    void remove(String unit);

    @Override
    void close();
}
