// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupFiles;
import io.jrunc.cgroup.stats.BlockIoStats;
import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.List;

/** What the v2 controller of disks counts: {@code io.stat}. */
public final class IoCounters {
    private static final String FILE = "io.stat";
    private static final String READ = "Read";
    private static final String WRITE = "Write";

    private final List<BlockIoStats.Entry> bytes = new ArrayList<>();
    private final List<BlockIoStats.Entry> operations = new ArrayList<>();

    private IoCounters() {}

    /** Lines {@code major:minor name=value name=value …}. */
    public static BlockIoStats read(CgroupFiles files) {
        IoCounters counters = new IoCounters();
        for (String line : files.lines(FILE)) {
            counters.add(line);
        }
        return BlockIoStats.ofTransfers(counters.bytes, counters.operations);
    }

    private void add(String line) {
        String[] words = line.split(" ", -1);
        int colon = words[0].indexOf(':');
        try {
            int major = Integer.parseInt(words[0].substring(0, Math.max(colon, 0)));
            int minor = Integer.parseInt(words[0].substring(colon + 1));
            for (int i = 1; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                if (equals > 0) {
                    String name = words[i].substring(0, equals);
                    add(major, minor, name, words[i].substring(equals + 1));
                }
            }
        } catch (NumberFormatException e) {
            throw Failure.of(Failure.Code.CGROUP, FILE + ": \"" + line + "\" is not about a disk");
        }
    }

    /** By the names that v1 has; what v1 does not count, such as discards, is left out. */
    private void add(int major, int minor, String name, String value) {
        switch (name) {
            case "rbytes" -> bytes.add(entry(major, minor, READ, value));
            case "wbytes" -> bytes.add(entry(major, minor, WRITE, value));
            case "rios" -> operations.add(entry(major, minor, READ, value));
            case "wios" -> operations.add(entry(major, minor, WRITE, value));
            default -> {}
        }
    }

    private static BlockIoStats.Entry entry(int major, int minor, String what, String value) {
        return new BlockIoStats.Entry(major, minor, what, Long.parseUnsignedLong(value));
    }
}
