// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cgroup.stats.CgroupStats;
import io.jrunc.container.Container;
import io.jrunc.container.Containers;
import io.jrunc.container.model.Status;
import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Measures what the containers use that have a process, all or some. */
final class UsageReader {
    private final Containers containers;
    private final Set<String> wanted;
    private final Measurements measurements = new Measurements();

    /**
     * The reader.
     *
     * @param wanted ids; empty: all containers
     */
    UsageReader(Containers containers, List<String> wanted) {
        this.containers = containers;
        this.wanted = Set.copyOf(wanted);
    }

    /** What was read by one of several threads. */
    private record Read(String key, String id, String status, CgroupStats stats, long nanos) {}

    /**
     * Measures; rates are those since the last time.
     *
     * @param unreadable receives the ids of containers that cannot be measured, and why
     */
    List<Usage> read(BiConsumer<String, Failure> unreadable) {
        List<Optional<Read>> all = containers.collect(this::readOne, unreadable);
        List<Usage> usages = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Optional<Read> one : all) {
            if (one.isPresent()) {
                Read read = one.get();
                keys.add(read.key);
                usages.add(
                        measurements.add(read.key, read.id, read.status, read.stats, read.nanos));
            }
        }
        measurements.retain(keys);
        return usages;
    }

    private Optional<Read> readOne(Container container) {
        if (!wanted.isEmpty() && !wanted.contains(container.id())) {
            return Optional.empty();
        }
        Status status = container.status();
        if (!status.isAlive()) {
            return Optional.empty();
        }
        CgroupStats stats = container.stats().cgroup();
        return Optional.of(
                new Read(
                        container.id() + " " + container.initIdentity(),
                        container.id(),
                        status.word(),
                        stats,
                        System.nanoTime()));
    }
}
