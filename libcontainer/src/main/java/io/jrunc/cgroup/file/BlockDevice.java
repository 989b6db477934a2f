// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.file;

/** How files of cgroups name a block device. */
public final class BlockDevice {
    private BlockDevice() {}

    /** {@code 8:0}, and the value after it. */
    public static String line(int major, int minor, String value) {
        return major + ":" + minor + " " + value;
    }
}
