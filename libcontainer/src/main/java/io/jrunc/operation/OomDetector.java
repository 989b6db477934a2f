// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.MemoryCgroup;
import io.jrunc.cgroup.ReadStats;
import io.jrunc.cgroup.stats.MemoryCounter;
import io.jrunc.cgroup.stats.MemoryStats;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.Spec;
import io.jrunc.state.InitProcess;
import io.jrunc.state.State;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Tells that a process was killed because memory ran out: otherwise its runtime would only see that
 * it is gone.
 */
public final class OomDetector {
    /** The longest wait for a killed process; another process may have been killed instead. */
    private static final int END_MILLIS = 200;

    private static final int LARGEST_PAGE = 65536;
    private static final String FIELD = "linux.resources.memory.limit";

    private final Kernel kernel;
    private final Map<String, String> cgroups;
    private final String processName;
    private final Supplier<OptionalLong> asked;
    private long killsBefore;

    private OomDetector(Kernel kernel, State state, String processName, Supplier<Spec> spec) {
        this.kernel = kernel;
        this.asked = () -> spec.get().linux().resources().memory().limit();
        this.cgroups = state.cgroups();
        this.processName = processName;
    }

    /**
     * If a process was killed in the container's cgroups, init was.
     *
     * @param spec says which limit was asked for; read only if memory ran out
     */
    public static OomDetector ofInit(Kernel kernel, State state, Supplier<Spec> spec) {
        return new OomDetector(kernel, state, "container init", spec);
    }

    /** The container runs, and a further process is about to. */
    static OomDetector fromNowOn(Kernel kernel, State state, Supplier<Spec> spec) {
        OomDetector shortage = new OomDetector(kernel, state, "the process", spec);
        shortage.killsBefore = shortage.kills();
        return shortage;
    }

    /** The failure as it is, or, if it comes from a want of memory, one that says so. */
    RuntimeException explained(RuntimeException failure) {
        if (!(failure instanceof Failure f)) {
            return failure;
        }
        boolean noMemory = f.is(Errno.ENOMEM);
        // Without an errno, it is no answer of execve(2): the process has ended before.
        boolean ended =
                f.code() == Failure.Code.PROCESS_DIED
                        || f.code() == Failure.Code.EXEC && f.errno().isEmpty();
        if ((noMemory || ended) && hasKilled()) {
            return killed();
        }
        // A call may also fail with ENOMEM without a kill.
        return noMemory && isFull()
                ? Failure.of(
                        Failure.Code.OUT_OF_MEMORY, f.getMessage(), FIELD, Errno.ENOMEM, limit())
                : failure;
    }

    /**
     * Returns the failure if process {@code pid}, which has just called execve(2), was killed: the
     * call may have begun without enough memory, and then the process cannot answer. Waits only if
     * a process was killed.
     */
    public Optional<Failure> ended(int pid) {
        if (!hasKilled()) {
            return Optional.empty();
        }
        try (Fd pidfd = kernel.processes().openPid(pid)) {
            boolean ended = !pidfd.isOpen() || kernel.processes().awaitEnd(pidfd, END_MILLIS);
            return ended && InitProcess.wasKilled(kernel, pid)
                    ? Optional.of(killed())
                    : Optional.empty();
        }
    }

    private boolean hasKilled() {
        return kills() > killsBefore;
    }

    private long kills() {
        return memory().map(MemoryCgroup::oomKills).orElse(0L);
    }

    /** Whether the limit was reached. */
    public boolean isFull() {
        return memory().filter(MemoryCgroup::isFull).isPresent();
    }

    private Optional<MemoryCgroup> memory() {
        return MemoryCgroup.of(kernel, cgroups);
    }

    private Failure killed() {
        return Failure.of(Failure.Code.OOM_KILLED, processName + " was OOM-killed", FIELD, limit());
    }

    /** The kernel counts in whole pages, and rounds down. */
    private String bytes(long made) {
        long rounded = asked.get().orElse(made) - made;
        return rounded > 0 && rounded < LARGEST_PAGE
                ? made + rounded + " bytes, which the kernel rounds down to " + made
                : made + " bytes";
    }

    /** How much it may have and had, and what to do. */
    private String limit() {
        Optional<MemoryCounter> usage =
                ReadStats.of(kernel, cgroups).memory().map(MemoryStats::usage);
        boolean limited = usage.isPresent() && usage.get().isLimited();
        StringBuilder text = new StringBuilder(FIELD);
        text.append(limited ? " is " + bytes(usage.get().limitBytes()) : " is not set");
        if (usage.isPresent() && usage.get().peakBytes().isPresent()) {
            text.append(", the peak was ").append(usage.get().peakBytes().getAsLong());
        }
        return text.append(limited ? "; raise it" : "; the host or a cgroup above has no more")
                .toString();
    }
}
