// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import java.util.List;

/**
 * A property of a unit. Source: org.freedesktop.systemd1(5).
 *
 * @param signature its D-Bus type: {@code s}, {@code t}, {@code as}, {@code a(ss)}, …
 * @param value a String, Boolean, Long or Double; for an array or a structure a List of these
 */
record UnitProperty(String name, String signature, Object value) {
    /** What systemd takes for "no limit" in a property of type {@code t}. */
    static final long INFINITY = -1; // UINT64_MAX

    static UnitProperty text(String name, String value) {
        return new UnitProperty(name, "s", value);
    }

    static UnitProperty flag(String name, boolean value) {
        return new UnitProperty(name, "b", value);
    }

    /** Returns an unsigned number of 64 bits. */
    static UnitProperty number(String name, long value) {
        return new UnitProperty(name, "t", value);
    }

    static UnitProperty texts(String name, String... values) {
        return new UnitProperty(name, "as", List.of(values));
    }
}
