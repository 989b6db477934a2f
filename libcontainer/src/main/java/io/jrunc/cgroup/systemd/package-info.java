// SPDX-License-Identifier: Apache-2.0
/**
 * The systemd driver: cgroups that systemd makes, as transient units, when asked over D-Bus. What
 * to ask is computed by classes that know nothing of a bus; {@link
 * io.jrunc.cgroup.systemd.SystemdBus} alone knows dbus-java, which is not loaded unless it is used.
 * Files that systemd has no property for are written by the packages next door, afterwards.
 */
@NullMarked
package io.jrunc.cgroup.systemd;

import org.jspecify.annotations.NullMarked;
