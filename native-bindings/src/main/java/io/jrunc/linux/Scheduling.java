// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.Arrays;
import java.util.BitSet;

/** System calls about when and where a process runs, and where its memory comes from. sched(7). */
public final class Scheduling {
    /** More CPUs than any kernel is built for, eight to a byte; it ignores those it lacks. */
    private static final int ALL_CPUS_BYTES = 1024;

    private static final int SCHED_ATTR_BYTES = 56;
    private static final int IOPRIO_WHO_PROCESS = 1;
    private static final int IOPRIO_CLASS_SHIFT = 13;

    private final Kernel kernel;

    Scheduling(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * What sched_setattr(2) takes; unused fields are 0.
     *
     * @param policy the number of a {@code SCHED_*} policy
     * @param flags {@code SCHED_FLAG_*} bits
     * @param runtime nanoseconds, as the next two
     */
    public record Attributes(
            int policy,
            long flags,
            int nice,
            int priority,
            long runtime,
            long deadline,
            long period) {}

    /** Sets how process {@code pid} is scheduled. sched_setattr(2). */
    public Call setAttributes(int pid, String policy, Attributes wanted) {
        Arg attributes =
                Arg.struct(SCHED_ATTR_BYTES, "{sched_policy=" + policy + shown(wanted) + "}")
                        .putInt(0, SCHED_ATTR_BYTES)
                        .putInt(4, wanted.policy)
                        .putLong(8, wanted.flags)
                        .putInt(16, wanted.nice)
                        .putInt(20, wanted.priority)
                        .putLong(24, wanted.runtime)
                        .putLong(32, wanted.deadline)
                        .putLong(40, wanted.period);
        Arg[] args = {Arg.of(pid), attributes, Arg.of(0)};
        return new Call(kernel, Syscall.SCHED_SETATTR, policy, args);
    }

    private static String shown(Attributes a) {
        return shown("flags", a.flags)
                + shown("nice", a.nice)
                + shown("priority", a.priority)
                + shown("runtime", a.runtime)
                + shown("deadline", a.deadline)
                + shown("period", a.period);
    }

    private static String shown(String name, long value) {
        return value == 0 ? "" : ", sched_" + name + "=" + value;
    }

    /**
     * Lets this process run on every CPU that its cpuset allows. sched_setaffinity(2): the kernel
     * takes the intersection, EINVAL if that is empty.
     */
    public Call setAffinityToAll() {
        byte[] mask = new byte[ALL_CPUS_BYTES];
        Arrays.fill(mask, (byte) -1);
        Arg[] args = {Arg.of(0), Arg.of(mask.length), Arg.data(mask, "[all CPUs]")};
        return new Call(kernel, Syscall.SCHED_SETAFFINITY, "all CPUs", args);
    }

    /** Lets this process run on these CPUs only. sched_setaffinity(2). */
    public Call setAffinity(BitSet cpus) {
        byte[] bits = cpus.toByteArray();
        byte[] mask = Arrays.copyOf(bits, Arg.aligned(bits.length));
        Arg[] args = {Arg.of(0), Arg.of(mask.length), Arg.data(mask, cpus.toString())};
        return new Call(kernel, Syscall.SCHED_SETAFFINITY, "CPUs " + cpus, args);
    }

    /**
     * Sets how process {@code pid} gets at disks. ioprio_set(2).
     *
     * @param ioClass the number of an {@code IOPRIO_CLASS_*}
     * @param name of that class, for messages
     * @param level 0 to 7
     */
    public Call setIoPriority(int pid, int ioClass, String name, int level) {
        Arg priority = Arg.of((long) ioClass << IOPRIO_CLASS_SHIFT | level);
        Arg[] args = {Arg.of(IOPRIO_WHO_PROCESS), Arg.of(pid), priority};
        return new Call(kernel, Syscall.IOPRIO_SET, name, args);
    }

    /**
     * Sets from which NUMA nodes this process gets memory. set_mempolicy(2).
     *
     * @param mode the number of an {@code MPOL_*} mode, with flags
     * @param name of that mode, for messages
     */
    public Call setMemoryPolicy(int mode, String name, BitSet nodes) {
        if (nodes.isEmpty()) {
            Arg[] args = {Arg.of(mode), Arg.NULL, Arg.of(0)};
            return new Call(kernel, Syscall.SET_MEMPOLICY, name, args);
        }
        long[] words = nodes.toLongArray();
        Arg.Struct mask = Arg.struct(Long.BYTES * words.length, nodes.toString());
        for (int i = 0; i < words.length; i++) {
            mask.putLong(Long.BYTES * i, words[i]);
        }
        // The kernel reads one bit less than the argument says: see BUGS in set_mempolicy(2).
        Arg bits = Arg.of(Long.SIZE * (long) words.length + 1);
        return new Call(kernel, Syscall.SET_MEMPOLICY, name, Arg.of(mode), mask, bits);
    }
}
