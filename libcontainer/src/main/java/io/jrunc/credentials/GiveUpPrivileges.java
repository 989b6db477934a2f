// SPDX-License-Identifier: Apache-2.0
package io.jrunc.credentials;

import io.jrunc.linux.Credentials;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.ProcessSpec;
import java.util.Optional;

/**
 * Takes user, groups and capabilities of the program, last of all steps: what follows,
 * startContainer hooks and the wait of a created container for its start, happens without any right
 * that the program will not have.
 *
 * <p>One exception: without no_new_privs, loading a seccomp filter takes CAP_SYS_ADMIN, which then
 * stays permitted until execve(2) computes the program's sets anew. Source: capabilities(7), {@code
 * docs/security.md}.
 *
 * @param seccomp the filter that will be loaded, if any
 * @param neighbours the capabilities, one bit each, that other processes of its pid namespace may
 *     have; 0 if it is the first one there
 */
public record GiveUpPrivileges(
        ProcessSpec process,
        Optional<Seccomp> seccomp,
        CapabilitySets capabilities,
        long neighbours)
        implements Step {
    private static final int DEFAULT_UMASK = 0022;
    private static final long SYS_ADMIN = CapabilityNames.bit("CAP_SYS_ADMIN");
    private static final long SYS_PTRACE = CapabilityNames.bit("CAP_SYS_PTRACE");

    /**
     * Computes what the specification asks for.
     *
     * @param lastCapability the highest that the kernel knows
     */
    public static GiveUpPrivileges of(
            ProcessSpec process, Optional<Seccomp> seccomp, int lastCapability, long neighbours) {
        CapabilitySets sets = CapabilitySets.of(process, lastCapability);
        return new GiveUpPrivileges(process, seccomp, sets, neighbours);
    }

    @Override
    public String title() {
        return "give up what the program may not have";
    }

    @Override
    public String field() {
        return "process";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        Credentials credentials = init.credentials();
        long kept = keptUntilExec(context.runtime(), init);
        init.files().umask(process.user().umask().orElse(DEFAULT_UMASK));
        capabilities.dropBounding(init);
        credentials.keepCapabilities(true);
        Identity.of(process).keepingGroups(context.keepsGroups()).become(init);
        credentials.keepCapabilities(false);
        capabilities.apply(init, kept);
        // It has the program's rights now, so the program's neighbours could trace it otherwise.
        init.processes().setDumpable(false);
    }

    private long keptUntilExec(Kernel runtime, Kernel init) {
        long kept = seccomp.isPresent() && !process.noNewPrivileges() ? SYS_ADMIN : 0;
        boolean notifies = seccomp.isPresent() && seccomp.get().notifies();
        return notifies && !mayTraceUndumpable(runtime) ? kept | guard(init) : kept;
    }

    /**
     * Returns whether {@code runtime} can fetch a descriptor from a process that is not dumpable.
     */
    public static boolean mayTraceUndumpable(Kernel runtime) {
        return (runtime.credentials().effectiveCapabilities() & SYS_PTRACE) != 0;
    }

    /**
     * Returns a capability that no neighbour has: init must be dumpable for a while, and ptrace(2)
     * then asks whether the tracer has all capabilities of the traced. It is not in the bounding
     * set, so execve(2) takes it away.
     */
    private long guard(Kernel init) {
        if ((neighbours & SYS_PTRACE) != 0) {
            throw Failure.of(
                    Failure.Code.CAPABILITIES,
                    "linux.seccomp: the listener could be taken by a process of the container that"
                            + " has CAP_SYS_PTRACE",
                    "linux.seccomp",
                    Errno.EPERM,
                    "run jrunc with CAP_SYS_PTRACE, or remove it from the container's"
                            + " process.capabilities.bounding");
        }
        long held = init.credentials().permittedCapabilities();
        return Long.lowestOneBit(held & ~(neighbours | capabilities.bounding()));
    }
}
