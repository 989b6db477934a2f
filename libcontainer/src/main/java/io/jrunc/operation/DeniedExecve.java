// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.explain.RuleExplainer;
import io.jrunc.seccomp.explain.Verdict;
import io.jrunc.seccomp.recording.ObservedCall;
import io.jrunc.spec.Spec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Says which rule of {@code linux.seccomp} kept a process from becoming its program. The kernel
 * would log that only where a filter kills, or has the flag for it.
 */
final class DeniedExecve {
    private static final String EXECVE = "execve";

    private DeniedExecve() {}

    /**
     * Returns the failure with the rule in front, if a rule of the container's filter explains it.
     */
    static Failure explained(Failure failure, Spec container) {
        Optional<Seccomp> profile = container.linux().seccomp();
        boolean refused =
                failure.code() == Failure.Code.SYSCALL
                        && failure.getMessage().contains(EXECVE + " ");
        boolean ended = failure.code() == Failure.Code.EXEC && failure.errno().isEmpty();
        if (profile.isEmpty() || !refused && !ended) {
            return failure;
        }
        return verdict(profile.get())
                .filter(one -> refused ? answers(one, failure) : one.action() != Action.ERRNO)
                .map(one -> failure.during(one.rule()))
                .orElse(failure);
    }

    private static boolean answers(Verdict verdict, Failure failure) {
        return verdict.errno().isPresent() && failure.is(Errno.of(verdict.errno().getAsInt()));
    }

    private static Optional<Verdict> verdict(Seccomp profile) {
        if (profile.bpfData().isPresent()) {
            return Optional.empty(); // it was compiled elsewhere, and has no rules
        }
        Architecture here = Architecture.ofThisMachine();
        int number = SyscallTable.number(here, SyscallTable.indexOf(EXECVE));
        // Its arguments are addresses, which no rule of use compares.
        List<Long> anywhere = Collections.nCopies(6, 0L);
        return RuleExplainer.of(profile, here).denial(new ObservedCall(here, number, anywhere));
    }
}
