// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.recording;

import io.jrunc.seccomp.Architecture;
import java.util.List;
import java.util.Optional;

/**
 * A system call as a filter or an audit record shows it: {@code struct seccomp_data}, seccomp(2).
 *
 * @param number with the bit of x32, where that is meant
 * @param arguments six words; none if they are not known
 */
public record ObservedCall(Architecture architecture, int number, List<Long> arguments) {
    public ObservedCall {
        arguments = List.copyOf(arguments);
    }

    /**
     * Returns a call by what the kernel calls its architecture; empty for one that is not known
     * here.
     *
     * @param auditArch an {@code AUDIT_ARCH_*} value
     */
    public static Optional<ObservedCall> of(int auditArch, int number, List<Long> arguments) {
        return Architecture.of(auditArch, number)
                .map(architecture -> new ObservedCall(architecture, number, arguments));
    }

    /**
     * Returns its name, of socketcall(2) and ipc(2) that of what is asked for; empty if it has
     * none.
     */
    public Optional<String> name() {
        return CallNames.of(this);
    }

    /** As strace(1) begins a line: {@code mkdir(0x7ffd…, 0x1ff, …)}, or only the name. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name().orElse("system call " + number));
        if (architecture != Architecture.ofThisMachine()) {
            text.append(" of ").append(architecture.specName());
        }
        if (!arguments.isEmpty()) {
            String separator = "(";
            for (long argument : arguments) {
                text.append(separator).append("0x").append(Long.toHexString(argument));
                separator = ", ";
            }
            text.append(')');
        }
        return text.toString();
    }
}
