// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.stats;

import java.util.List;

/**
 * What was read from and written to disks, by the container and in cgroups below its own. A list is
 * empty without such I/O, or if the kernel does not count it: it always counts bytes and
 * operations, the others only with the scheduler BFQ in kernels with CONFIG_BFQ_CGROUP_DEBUG.
 *
 * @param bytes transferred
 * @param operations completed
 * @param queued operations that are waiting
 * @param serviceNanos from handing operations to the disk until they were completed
 * @param waitNanos that operations spent waiting
 * @param merged operations that became part of others
 * @param diskNanos that the disk was the container's
 * @param sectors of 512 bytes transferred
 */
public record BlockIoStats(
        List<Entry> bytes,
        List<Entry> operations,
        List<Entry> queued,
        List<Entry> serviceNanos,
        List<Entry> waitNanos,
        List<Entry> merged,
        List<Entry> diskNanos,
        List<Entry> sectors) {
    /** Nothing is counted, or nothing was done. */
    public static final BlockIoStats NONE = ofTransfers(List.of(), List.of());

    /**
     * A number of one disk.
     *
     * @param operation {@code Read}, {@code Write}, on v1 also {@code Sync}, {@code Async}, {@code
     *     Discard} and {@code Total}; empty if the kernel does not distinguish them
     */
    public record Entry(int major, int minor, String operation, long value) {}

    public BlockIoStats {
        bytes = List.copyOf(bytes);
        operations = List.copyOf(operations);
        queued = List.copyOf(queued);
        serviceNanos = List.copyOf(serviceNanos);
        waitNanos = List.copyOf(waitNanos);
        merged = List.copyOf(merged);
        diskNanos = List.copyOf(diskNanos);
        sectors = List.copyOf(sectors);
    }

    /** Returns what is counted everywhere, and no more. */
    public static BlockIoStats ofTransfers(List<Entry> bytes, List<Entry> operations) {
        List<Entry> none = List.of();
        return new BlockIoStats(bytes, operations, none, none, none, none, none, none);
    }
}
