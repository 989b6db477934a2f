// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * An entry of {@code linux.devices}: a node to create. Source: runtime-spec
 * config-linux.md#devices, mknod(2).
 *
 * @param path in the container, absolute
 * @param major 0 to 4095; absent for a FIFO
 * @param minor 0 to 1048575; absent for a FIFO
 * @param fileMode permissions, perhaps with the bits of the file type; absent leaves the choice to
 *     the runtime
 * @param uid the owner in the container, 0 to 4294967295; absent is the container's root
 * @param gid the group in the container, 0 to 4294967295; absent is the container's root
 */
public record Device(
        String path,
        DeviceType type,
        OptionalInt major,
        OptionalInt minor,
        OptionalInt fileMode,
        OptionalLong uid,
        OptionalLong gid) {
    public Device {
        Ranges.check("major", major, 0, Ranges.MAJOR_MAX);
        Ranges.check("minor", minor, 0, Ranges.MINOR_MAX);
        Ranges.check("fileMode", fileMode, 0, Integer.MAX_VALUE);
        Ranges.check("uid", uid, 0, Ranges.UINT32_MAX);
        Ranges.check("gid", gid, 0, Ranges.UINT32_MAX);
    }
}
