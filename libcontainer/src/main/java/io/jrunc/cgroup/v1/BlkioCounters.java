// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.cgroup.file.CgroupFiles;
import io.jrunc.cgroup.stats.BlockIoStats;
import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.List;

/** What the v1 controller of disks counts. Source: kernel documentation, cgroup-v1/blkio. */
public final class BlkioCounters {
    private static final String BFQ = "blkio.bfq.";
    private static final String THROTTLE = "blkio.throttle.";
    private static final String BYTES = "io_service_bytes_recursive";
    private static final String OPERATIONS = "io_serviced_recursive";

    private BlkioCounters() {}

    /**
     * Returns all of it. Disks that the scheduler BFQ has are counted by it, others by the
     * throttle.
     */
    public static BlockIoStats read(CgroupFiles files) {
        boolean bfq = !entries(files, BFQ + OPERATIONS).isEmpty();
        String prefix = bfq ? BFQ : THROTTLE;
        return new BlockIoStats(
                entries(files, prefix + BYTES),
                entries(files, prefix + OPERATIONS),
                entries(files, BFQ + "io_queued_recursive"),
                entries(files, BFQ + "io_service_time_recursive"),
                entries(files, BFQ + "io_wait_time_recursive"),
                entries(files, BFQ + "io_merged_recursive"),
                entries(files, BFQ + "time_recursive"),
                entries(files, BFQ + "sectors_recursive"));
    }

    /** Lines {@code major:minor operation value}, the operation sometimes left out; then a sum. */
    static List<BlockIoStats.Entry> entries(CgroupFiles files, String file) {
        List<BlockIoStats.Entry> entries = new ArrayList<>();
        for (String line : files.lines(file)) {
            String[] fields = line.split("[ :]", -1);
            if (fields.length >= 3) {
                entries.add(entry(file, line, fields));
            }
        }
        return entries;
    }

    private static BlockIoStats.Entry entry(String file, String line, String[] fields) {
        try {
            return new BlockIoStats.Entry(
                    Integer.parseInt(fields[0]),
                    Integer.parseInt(fields[1]),
                    fields.length > 3 ? fields[2] : "",
                    Long.parseUnsignedLong(fields[fields.length - 1]));
        } catch (NumberFormatException e) {
            throw Failure.of(Failure.Code.CGROUP, file + ": \"" + line + "\" is not about a disk");
        }
    }
}
