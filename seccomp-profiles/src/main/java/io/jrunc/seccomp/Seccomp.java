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
 * @param bpfData a filter that was compiled elsewhere and takes the place of actions and rules:
 *     instructions in this machine's byte order, in base64. Not of the specification, but of crun's
 *     annotation {@code run.oci.seccomp_bpf_data}
 */
public record Seccomp(
        Action defaultAction,
        OptionalInt defaultErrnoRet,
        List<Architecture> architectures,
        Optional<List<FilterFlag>> flags,
        Optional<String> listenerPath,
        Optional<String> listenerMetadata,
        List<SyscallRule> syscalls,
        Optional<String> bpfData) {
    public Seccomp {
        architectures = List.copyOf(architectures);
        flags = flags.map(List::copyOf);
        syscalls = List.copyOf(syscalls);
    }

    /** A profile of the specification: actions and rules. */
    public Seccomp(
            Action defaultAction,
            OptionalInt defaultErrnoRet,
            List<Architecture> architectures,
            Optional<List<FilterFlag>> flags,
            Optional<String> listenerPath,
            Optional<String> listenerMetadata,
            List<SyscallRule> syscalls) {
        this(
                defaultAction,
                defaultErrnoRet,
                architectures,
                flags,
                listenerPath,
                listenerMetadata,
                syscalls,
                Optional.empty());
    }

    /**
     * A filter that was compiled elsewhere; see {@link #bpfData}.
     *
     * @param flags as of a profile
     */
    public static Seccomp compiled(String bpfData, Optional<List<FilterFlag>> flags) {
        return new Seccomp(
                Action.KILL_PROCESS,
                OptionalInt.empty(),
                List.of(),
                flags,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(bpfData));
    }

    /** Returns the same with another listener. */
    public Seccomp withListener(String path) {
        return new Seccomp(
                defaultAction,
                defaultErrnoRet,
                architectures,
                flags,
                Optional.of(path),
                listenerMetadata,
                syscalls,
                bpfData);
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
