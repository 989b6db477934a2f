// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.compile.FilterCompiler;
import io.jrunc.spec.CrunAnnotations;
import io.jrunc.spec.Spec;
import java.util.List;
import java.util.OptionalInt;

/** {@code linux.seccomp}. Source: runtime-spec config-linux.md#seccomp, seccomp(2). */
final class SeccompCheck extends Check {
    private static final String FIELD = "linux.seccomp";

    /** {@code MAX_ERRNO}: above it the kernel cuts the value off. */
    private static final int ERRNO_MAX = 4095;

    /** {@code SECCOMP_RET_DATA}: a tracer gets 16 bits. */
    private static final int TRACE_MAX = 0xffff;

    SeccompCheck() {
        super("seccomp");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        if (spec.linux().seccomp().isPresent()) {
            boolean annotated =
                    spec.annotations().containsKey(CrunAnnotations.SECCOMP_RECEIVER)
                            || spec.annotations().containsKey(CrunAnnotations.SECCOMP_BPF_DATA);
            check(spec.linux().seccomp().get(), annotated);
            String strict = CrunAnnotations.FAIL_UNKNOWN_SYSCALL;
            if (spec.annotations().containsKey(strict)
                    && CrunAnnotations.isOn(spec.annotations(), strict)) {
                refuseUnknownCalls(spec.linux().seccomp().get());
            }
        }
    }

    private static void check(Seccomp seccomp, boolean annotated) {
        value(FIELD + ".defaultErrnoRet", seccomp.defaultErrnoRet(), seccomp.defaultAction());
        for (int i = 0; i < seccomp.syscalls().size(); i++) {
            SyscallRule rule = seccomp.syscalls().get(i);
            rule(FIELD + ".syscalls[" + i + ']', rule);
        }
        listener(seccomp, annotated);
    }

    private static void rule(String field, SyscallRule rule) {
        if (rule.names().isEmpty()) {
            throw Failure.invalid(field + ".names", "is empty", "name at least one system call");
        }
        value(field + ".errnoRet", rule.errnoRet(), rule.action());
    }

    private static void refuseUnknownCalls(Seccomp seccomp) {
        List<String> unknown =
                FilterCompiler.compile(seccomp, Architecture.ofThisMachine()).unknownNames();
        for (int i = 0; i < seccomp.syscalls().size(); i++) {
            for (String name : seccomp.syscalls().get(i).names()) {
                if (unknown.contains(name)) {
                    throw Failure.invalid(
                            FIELD + ".syscalls[" + i + "].names",
                            "\"" + name + "\" is no system call of linux.seccomp.architectures",
                            "remove it, or "
                                    + CrunAnnotations.field(CrunAnnotations.FAIL_UNKNOWN_SYSCALL));
                }
            }
        }
    }

    private static void value(String field, OptionalInt value, Action action) {
        if (value.isEmpty()) {
            return;
        }
        if (action != Action.ERRNO && action != Action.TRACE) {
            throw Failure.invalid(
                    field,
                    value.getAsInt() + " means nothing to " + action.specName(),
                    "remove it, or choose SCMP_ACT_ERRNO or SCMP_ACT_TRACE");
        }
        int max = action == Action.ERRNO ? ERRNO_MAX : TRACE_MAX;
        if (value.getAsInt() > max) {
            throw Failure.invalid(
                    field,
                    value.getAsInt() + " is out of range",
                    "write a number from 0 to " + max);
        }
    }

    /**
     * Checks where the listener is.
     *
     * @param annotated an annotation may name it; whether it counts is decided later
     */
    private static void listener(Seccomp seccomp, boolean annotated) {
        if (seccomp.notifies() && seccomp.listenerPath().isEmpty() && !annotated) {
            throw Failure.invalid(
                    FIELD + ".listenerPath",
                    "is missing, but SCMP_ACT_NOTIFY needs it",
                    "write the path of the agent's socket");
        }
        if (seccomp.listenerMetadata().isPresent()
                && seccomp.listenerPath().isEmpty()
                && !annotated) {
            throw Failure.invalid(
                    FIELD + ".listenerMetadata", "needs listenerPath", "add that or remove this");
        }
        if (seccomp.listenerPath().isPresent()) {
            Texts.absolute(FIELD + ".listenerPath", seccomp.listenerPath().get());
        }
    }
}
