// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Signal;
import io.jrunc.process.Notifications;
import io.jrunc.process.Notifications.Question;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.explain.RuleExplainer;
import io.jrunc.seccomp.explain.Verdict;
import io.jrunc.seccomp.recording.ObservedCall;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Answers as a profile's filter would, and reports each call that it denies. A filter sees the
 * words of a call and no memory, so nothing can be changed between its answer and the call.
 *
 * <p>Actions that need a filter in the kernel are approximated: {@code KILL_THREAD} ends the whole
 * process, both kills are by SIGKILL and not by SIGSYS, and {@code TRAP} sends a SIGSYS that does
 * not say which call it is about.
 */
public final class DenyingHandler implements CallHandler {

    private final Kernel kernel;
    private final RuleExplainer explainer;
    private final Consumer<Denial> denials;

    /**
     * Enforces {@code profile}, which has no listener of its own.
     *
     * @param denials receives each denied call
     */
    public DenyingHandler(Kernel kernel, Seccomp profile, Consumer<Denial> denials) {
        if (profile.notifies()) {
            throw Failure.invalid(
                    "linux.seccomp.syscalls",
                    "hand calls to a listener, whose answers are unknown",
                    "record without --denied");
        }
        this.kernel = kernel;
        this.denials = denials;
        explainer = RuleExplainer.of(profile, Architecture.ofThisMachine());
    }

    @Override
    public void answer(Notifications notifications, Question question) {
        Optional<ObservedCall> call =
                ObservedCall.of(question.auditArch(), question.number(), question.arguments());
        if (call.isEmpty()) {
            notifications.refuse(question, Errno.ENOSYS.number());
            return;
        }
        Optional<Verdict> denial = explainer.denial(call.get());
        if (denial.isEmpty()) {
            notifications.letPass(question);
            return;
        }
        String program = program(question);
        if (!notifications.isAsked(question)) {
            return; // it was killed or interrupted, and asks again if it still wants to
        }
        Verdict verdict = denial.get();
        denials.accept(new Denial(Instant.now(), question.thread(), program, call.get(), verdict));
        switch (verdict.action()) {
            case ERRNO -> notifications.refuse(question, verdict.errno().orElse(0));
            case TRACE -> notifications.refuse(question, Errno.ENOSYS.number()); // no tracer
            case TRAP -> {
                kernel.processes().kill(question.thread(), Signal.SIGSYS);
                notifications.refuse(question, Errno.ENOSYS.number());
            }
            default -> kernel.processes().kill(question.thread(), Signal.SIGKILL);
        }
    }

    private String program(Question question) {
        String path = "/proc/" + question.thread() + "/comm";
        try (Fd file = kernel.files().openIfExists(kernel.files().here(), path, OpenFlag.RDONLY)) {
            return file.isOpen() ? kernel.files().readText(file).strip() : "";
        } catch (Failure f) {
            if (f.is(Errno.ESRCH)) {
                return "";
            }
            throw f;
        }
    }
}
