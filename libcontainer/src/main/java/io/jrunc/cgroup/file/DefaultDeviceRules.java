// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.file;

import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.DeviceType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What every container may use, after the rules of its own. Source: runc, specconv. */
public final class DefaultDeviceRules {
    /** In the order in which they are appended. */
    public static final List<DeviceRule> ALL =
            List.of(
                    rule(DeviceType.CHARACTER, -1, -1, "m"),
                    rule(DeviceType.BLOCK, -1, -1, "m"),
                    rule(DeviceType.CHARACTER, 1, 3, "rwm"), // null
                    rule(DeviceType.CHARACTER, 1, 8, "rwm"), // random
                    rule(DeviceType.CHARACTER, 1, 7, "rwm"), // full
                    rule(DeviceType.CHARACTER, 5, 0, "rwm"), // tty
                    rule(DeviceType.CHARACTER, 1, 5, "rwm"), // zero
                    rule(DeviceType.CHARACTER, 1, 9, "rwm"), // urandom
                    rule(DeviceType.CHARACTER, 136, -1, "rwm"), // pts/*
                    rule(DeviceType.CHARACTER, 5, 2, "rwm"), // ptmx
                    rule(DeviceType.CHARACTER, 10, 200, "rwm")); // net/tun

    private DefaultDeviceRules() {}

    private static DeviceRule rule(DeviceType type, int major, int minor, String access) {
        return new DeviceRule(
                true, Optional.of(type), optional(major), optional(minor), Optional.of(access));
    }

    private static OptionalInt optional(int number) {
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
