// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.json.JsonText;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountInfo;
import io.jrunc.spec.Mount;
import io.jrunc.spec.json.Fields;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The mounts that were added while a container ran. What is written down was about to be attached;
 * whether it is there still, the kernel says, by its number in mountinfo.
 */
public final class LiveMounts {
    private final StateDirectory directory;
    private final List<Entry> entries;

    /**
     * A mount, and what it was made from.
     *
     * @param id its number in mountinfo
     */
    public record Entry(long id, Mount mount) {}

    private LiveMounts(StateDirectory directory, List<Entry> entries) {
        this.directory = directory;
        this.entries = entries;
    }

    /** Reads those of a container that are still there; none once its init has ended. */
    public static LiveMounts read(StateDirectory directory, Kernel kernel, InitProcess init) {
        Optional<byte[]> json = directory.read(StateDirectory.LIVE_MOUNTS);
        if (json.isEmpty()) {
            return new LiveMounts(directory, new ArrayList<>(0));
        }
        List<Entry> written;
        try {
            written = entries(json.get());
        } catch (Failure f) {
            throw StateDirectory.damaged(StateDirectory.LIVE_MOUNTS, directory.id(), f);
        }
        Set<Long> there = there(kernel, init);
        written.removeIf(entry -> !there.contains(entry.id));
        return new LiveMounts(directory, written);
    }

    private static List<Entry> entries(byte[] json) {
        Fields fields = Fields.parse(json, StateDirectory.LIVE_MOUNTS);
        List<Long> ids = fields.integers("ids", 0, Long.MAX_VALUE);
        List<Entry> entries = new ArrayList<>();
        if (ids.isEmpty()) {
            return entries;
        }
        List<Mount> mounts = SpecReader.readMounts(json, StateDirectory.LIVE_MOUNTS, warning -> {});
        if (ids.size() != mounts.size()) {
            throw Failure.of(Failure.Code.DAMAGED, "it has more ids than mounts, or fewer");
        }
        for (int i = 0; i < ids.size(); i++) {
            entries.add(new Entry(ids.get(i), mounts.get(i)));
        }
        return entries;
    }

    private static Set<Long> there(Kernel kernel, InitProcess init) {
        Set<Long> ids = new HashSet<>();
        if (init.isAlive(kernel)) {
            String text = kernel.files().readText("/proc/" + init.pid() + "/mountinfo");
            for (MountInfo mount : MountInfo.parse(text)) {
                ids.add((long) mount.id());
            }
        }
        return ids;
    }

    /** Returns them, in the order in which they were added. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Returns whether the mount with this number is one of them. */
    public boolean contains(long id) {
        return entries.stream().anyMatch(entry -> entry.id == id);
    }

    /** Writes down a mount that is about to be attached. */
    public void add(long id, Mount mount) {
        entries.add(new Entry(id, mount));
        write();
    }

    /** Forgets a mount that is gone. */
    public void remove(long id) {
        if (entries.removeIf(entry -> entry.id == id)) {
            write();
        }
    }

    private void write() {
        JsonText json = JsonText.compact();
        json.beginObject();
        json.beginList("ids");
        entries.forEach(entry -> json.element(entry.id));
        json.endList();
        SpecWriter.mounts(json, entries.stream().map(Entry::mount).toList());
        json.endObject();
        directory.write(
                StateDirectory.LIVE_MOUNTS, json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
