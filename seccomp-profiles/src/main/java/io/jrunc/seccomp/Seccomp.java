// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code linux.seccomp}: which system calls a container may make. Source: runtime-spec
 * config-linux.md#seccomp.
 *
 * @param defaultErrnoRet the error of a default action ERRNO; empty is EPERM
 * @param architectures beside the native one, which is always included
 * @param flags empty Optional: the field is absent, and runc then turns on SPEC_ALLOW; an empty
 *     list: no flag
 * @param listenerPath the socket that receives the notification descriptor
 */
public record Seccomp(
        Action defaultAction,
        OptionalInt defaultErrnoRet,
        List<Architecture> architectures,
        Optional<List<FilterFlag>> flags,
        Optional<String> listenerPath,
        Optional<String> listenerMetadata,
        List<SyscallRule> syscalls) {
    public Seccomp {
        architectures = List.copyOf(architectures);
        flags = flags.map(List::copyOf);
        syscalls = List.copyOf(syscalls);
    }

    /** Returns whether some system call is handed to a listener. */
    public boolean notifies() {
        if (defaultAction == Action.NOTIFY) {
            return true;
        }
        for (SyscallRule rule : syscalls) {
            if (rule.action() == Action.NOTIFY) {
                return true;
            }
        }
        return false;
    }
}
