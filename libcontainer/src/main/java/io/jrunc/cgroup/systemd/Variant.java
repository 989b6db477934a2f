// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

/** A value and its D-Bus type; see {@link UnitProperty}. */
record Variant(String signature, Object value) {}
