// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.linux.Kernel;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a pid found in a log belonged to a container. The kernel reuses the pids of ended
 * processes, so for an ended process this is known only if it was init.
 */
public final class PidOwner {
    /** How sure the answer is. */
    public enum Answer {
        YES,
        /** Init had this pid, and is gone: a later process may have had it, too. */
        INIT_UNLESS_REUSED,
        /** The process has ended, or its pid was reused: its owner is unknown. */
        UNKNOWN,
        NO
    }

    /** USER_HZ, the same for all programs of x86-64 and arm64; see time(7). */
    private static final long TICKS_PER_SECOND = 100;

    /** The log's clock is coarse, and so is a start in ticks. */
    private static final Duration TOLERANCE = Duration.ofMillis(100);

    private final Kernel kernel;
    private final InitProcess init;
    private final Instant boot;
    private final boolean initIsThere;
    private final Set<Integer> members = new HashSet<>();

    public PidOwner(Kernel kernel, State state) {
        this.kernel = kernel;
        init = state.init();
        boot = Instant.now().minus(sinceBoot());
        initIsThere = init.isAlive(kernel) || init.isZombie(kernel);
        for (String cgroup : state.cgroupDirectories()) {
            members.addAll(CgroupRemoval.processes(kernel, cgroup));
        }
    }

    /** Whose process {@code pid} was at {@code time}. */
    public Answer was(int pid, Instant time) {
        if (init.pid() == 0 || time.isBefore(started(init).minus(TOLERANCE))) {
            return Answer.NO;
        }
        if (pid == init.pid()) {
            return initIsThere ? Answer.YES : Answer.INIT_UNLESS_REUSED;
        }
        Optional<InitProcess> now = InitProcess.find(kernel, pid);
        if (now.isEmpty() || time.isBefore(started(now.get()).minus(TOLERANCE))) {
            return Answer.UNKNOWN;
        }
        return members.contains(pid) ? Answer.YES : Answer.NO;
    }

    private Instant started(InitProcess process) {
        return boot.plusMillis(process.start() * 1000 / TICKS_PER_SECOND);
    }

    private Duration sinceBoot() {
        String uptime = kernel.files().readText("/proc/uptime");
        double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
