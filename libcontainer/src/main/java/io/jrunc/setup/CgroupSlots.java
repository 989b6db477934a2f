// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the steps that make or open cgroups hand to those that put processes into them. */
public final class CgroupSlots {
    private final Slot<Fd> unified = new Slot<>("the cgroup v2 directory", "CreateCgroup");
    private final Slot<Fd> delegated = new Slot<>("the delegated cgroup", "CreateDelegatedCgroup");
    private final Slot<Fd> memoryTasks = new Slot<>("the memory cgroup", "CreateCgroup");
    private final List<Fd> tasks = new ArrayList<>();
    private final List<String> directories = new ArrayList<>();
    private final List<String> madeParents = new ArrayList<>();
    private boolean chargesInit;

    CgroupSlots() {}

    /**
     * The cgroup v2 directory that init is born into, open in the runtime; empty if there is none.
     */
    public Optional<Fd> unified() {
        return delegated.find().or(unified::find);
    }

    /** Sets the cgroup in the container's v2 cgroup that init is born into instead. */
    public void setDelegated(Fd directory) {
        delegated.set(directory);
    }

    /** Sets the cgroup v2 directory. */
    public void setUnified(Fd directory) {
        unified.set(directory);
    }

    /** The files through which a task joins its v1 cgroups, open in the runtime. */
    public List<Fd> tasks() {
        return tasks;
    }

    /** Sets the file in {@link #tasks} through which memory is charged to the container. */
    public void setMemoryTasks(Fd file) {
        memoryTasks.set(file);
    }

    /**
     * Charges the memory that {@code init} takes from here on to the container, as for files of an
     * image that are copied. Otherwise init joins late, so that set-up costs the container nothing;
     * in the v2 hierarchy it is born where it belongs.
     */
    public void chargeMemory(Kernel init) {
        if (memoryTasks.find().isPresent() && !chargesInit) {
            chargesInit = true;
            init.files().write(memoryTasks.get(), "0");
        }
    }

    /** The directories of the cgroups that are the container's own by now. */
    public List<String> directories() {
        return directories;
    }

    /** The directories above them that were made for this container, from the top down. */
    public List<String> madeParents() {
        return madeParents;
    }

    void close() {
        tasks.forEach(Fd::close);
        unified.find().ifPresent(Fd::close);
        delegated.find().ifPresent(Fd::close);
    }
}
