// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import io.jrunc.linux.Failure;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An entry of {@code linux.resources.devices}: which devices may be used. Source: runtime-spec
 * config-linux.md#allowed-device-list.
 *
 * @param allow whether this rule allows or denies
 * @param type BLOCK or CHARACTER; absent (or {@code a}) is both
 * @param major 0 to 4095; absent (or -1) is all
 * @param minor 0 to 1048575; absent (or -1) is all
 * @param access letters of {@code rwm}: read, write, mknod
 */
public record DeviceRule(
        boolean allow,
        Optional<DeviceType> type,
        OptionalInt major,
        OptionalInt minor,
        Optional<String> access) {
    public DeviceRule {
        Ranges.check("major", major, 0, Ranges.MAJOR_MAX);
        Ranges.check("minor", minor, 0, Ranges.MINOR_MAX);
        if (type.isPresent()
                && type.get() != DeviceType.BLOCK
                && type.get() != DeviceType.CHARACTER) {
            throw Failure.invalid(
                    "type",
                    '"' + type.get().specName() + "\" is no kind of rule",
                    "write a, b or c");
        }
    }
}
