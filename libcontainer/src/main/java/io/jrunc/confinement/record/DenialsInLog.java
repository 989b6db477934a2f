// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.container.Container;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.FilterFlag;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.explain.RuleExplainer;
import io.jrunc.seccomp.explain.Verdict;
import io.jrunc.state.PidOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's log records about calls that a container's filter denied. The kernel logs each
 * process that a filter kills, errors only if the filter has the flag for it, and nothing above a
 * rate limit.
 */
public final class DenialsInLog {
    private static final String FIELD = "linux.seccomp";
    private static final String RECORD = "run jrunc seccomp record --denied -- run for its bundle";

    private final Kernel kernel;
    private final Container container;
    private final Seccomp profile;

    /**
     * A denial, and whether it was the container's.
     *
     * @param answer {@code NO} does not occur
     */
    public record Found(Denial denial, PidOwner.Answer answer) {}

    private DenialsInLog(Kernel kernel, Container container, Seccomp profile) {
        this.kernel = kernel;
        this.container = container;
        this.profile = profile;
    }

    /** Returns those of a container; {@link Failure} if it has no filter. */
    public static DenialsInLog of(Kernel kernel, Container container) {
        Seccomp profile =
                container
                        .spec()
                        .linux()
                        .seccomp()
                        .orElseThrow(
                                () ->
                                        Failure.invalid(
                                                FIELD,
                                                "is missing, so no call is denied by it",
                                                "look at capabilities and permissions instead"));
        return new DenialsInLog(kernel, container, profile);
    }

    /** Returns all that may be its, oldest first; those that its profile would not deny are not. */
    public List<Found> all() {
        RuleExplainer explainer = RuleExplainer.of(profile, Architecture.ofThisMachine());
        PidOwner membership = container.membership();
        List<Found> all = new ArrayList<>();
        for (AuditRecord record : new KernelLog(kernel).records()) {
            PidOwner.Answer answer = membership.was(record.pid(), record.time());
            Optional<Verdict> verdict =
                    answer == PidOwner.Answer.NO
                            ? Optional.empty()
                            : explainer.denial(record.call(), record.returned());
            verdict.ifPresent(
                    denied ->
                            all.add(
                                    new Found(
                                            new Denial(
                                                    record.time(),
                                                    record.pid(),
                                                    record.program(),
                                                    record.call(),
                                                    denied),
                                            answer)));
        }
        return all;
    }

    /**
     * Returns the call for which init was killed; empty if it was not, or the log does not know.
     */
    public Optional<Denial> deathOfInit() {
        return all().stream()
                .filter(found -> found.denial().pid() == container.initPid())
                .map(Found::denial)
                .filter(denial -> kills(denial.verdict().action()))
                .findFirst();
    }

    /** Why the log may know nothing, and what to do: one sentence. */
    public String silence() {
        String nothing = "the kernel's log has no denied call of container " + container.id();
        boolean logs = profile.flags().orElse(List.of()).contains(FilterFlag.LOG);
        if (!logs && answersErrors()) {
            return nothing
                    + ": it logs SCMP_ACT_ERRNO only with SECCOMP_FILTER_FLAG_LOG in "
                    + FIELD
                    + ".flags; add that, or "
                    + RECORD;
        }
        return nothing + "; it forgets old ones, and drops some when there are many: " + RECORD;
    }

    private boolean answersErrors() {
        if (profile.defaultAction() == Action.ERRNO) {
            return true;
        }
        for (SyscallRule rule : profile.syscalls()) {
            if (rule.action() == Action.ERRNO) {
                return true;
            }
        }
        return false;
    }

    private static boolean kills(Action action) {
        return action == Action.KILL
                || action == Action.KILL_THREAD
                || action == Action.KILL_PROCESS
                || action == Action.TRAP;
    }
}
