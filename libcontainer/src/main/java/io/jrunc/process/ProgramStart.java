// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.credentials.CapabilitySets;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SeccompFlags;
import io.jrunc.seccomp.compile.BpfProgram;
import io.jrunc.seccomp.compile.FilterCompiler;
import io.jrunc.seccomp.compile.UnconditionalCalls;
import io.jrunc.setup.ProgramSlots;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Rlimit;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The last calls of init, which make it the program. They depend on nothing that happens between
 * create and start, so they are computed at create and kept.
 *
 * @param filter absent: system calls are not filtered, or are by now
 */
public record ProgramStart(ProcessSpec process, Optional<Filter> filter) {
    /**
     * The system calls of an init that waits to be started, from the load of its filter to
     * execve(2): those of {@code child.c} and of {@link #submit}.
     */
    private static final List<String> CALLS_WHILE_WAITING =
            List.of(
                    "accept4",
                    "close",
                    "fcntl",
                    "sendmsg",
                    "recvmsg",
                    "read",
                    "mmap",
                    "munmap",
                    "capset",
                    "prlimit64",
                    "execve",
                    "exit_group");

    /**
     * A compiled seccomp filter and the flags to load it with.
     *
     * @param notifies whether it asks a listener about some calls
     */
    record Filter(BpfProgram program, int flags, boolean notifies) {
        /** Returns the same without a listener: what it would be asked about fails with ENOSYS. */
        Filter withoutListener() {
            return new Filter(program, SeccompFlags.withoutListener(flags), false);
        }

        /** Returns whether all of these system calls pass, whatever their arguments are. */
        boolean allows(List<String> calls) {
            return UnconditionalCalls.of(program, Architecture.ofThisMachine()).allow(calls);
        }

        private void loadInto(Kernel process) {
            process.credentials()
                    .loadFilter(program.toBytes(ByteOrder.nativeOrder()), flags)
                    .submit();
        }
    }

    /** Computes what the specification asks for. */
    public static ProgramStart of(ProcessSpec process, Optional<Seccomp> seccomp) {
        Optional<Filter> filter = Optional.empty();
        if (seccomp.isPresent()) {
            filter =
                    Optional.of(
                            new Filter(
                                    FilterCompiler.compile(
                                            seccomp.get(), Architecture.ofThisMachine()),
                                    SeccompFlags.of(seccomp.get()),
                                    seccomp.get().notifies()));
        }
        return new ProgramStart(process, filter);
    }

    /**
     * Submits the calls to {@code init}.
     *
     * @param program what was found out about it
     * @param variables to be added to its environment
     */
    void submit(Kernel init, ProgramSlots program, List<String> variables) {
        confine(init);
        if (notifies()) {
            // Until the listener is connected, calls that the profile hands to it would fail.
            init.credentials().awaitListener(FilterCompiler.AWAIT_LISTENER).submit();
        }
        List<String> given = process.withVariables(variables).env();
        List<String> environment = Environment.withHome(Environment.parse(given), program.home());
        Call exec =
                program.interpreter().isPresent()
                        ? init.processes()
                                .execution(program.interpreter().get(), process.args(), environment)
                        : init.processes()
                                .execution(program.executable(), process.args(), environment);
        if (program.doubt().isPresent()) {
            Failure doubt = program.doubt().get();
            Errno errno = doubt.errno().orElseThrow();
            exec.hint(errno, errno.description() + ": " + doubt.hint());
        }
        exec.submit();
    }

    private List<String> callsWhileWaiting() {
        List<String> calls = new ArrayList<>(CALLS_WHILE_WAITING);
        if (process.interpreter().isPresent()) {
            calls.add("execveat");
        }
        return calls;
    }

    private boolean notifies() {
        return filter.isPresent() && filter.get().notifies();
    }

    /** Limits a process that has user and capabilities of the program already. */
    private void confine(Kernel init) {
        for (Rlimit limit : process.rlimits()) {
            int number = limit.type().number();
            String name = limit.type().specName();
            init.processes().setLimit(0, number, name, limit.soft(), limit.hard()).submit();
        }
        if (process.noNewPrivileges()) {
            init.credentials().setNoNewPrivileges();
        }
        // Seccomp last: each call after this line must be allowed by the user's profile.
        filter.ifPresent(loaded -> loaded.loadInto(init));
    }

    /**
     * Limits a process that was cloned from init to run a hook, as the program will be: the hook's
     * file is the image's. It has no listener of its own.
     */
    public void confineHook(Kernel hook) {
        new ProgramStart(process, filter.map(Filter::withoutListener)).confine(hook);
    }

    /**
     * Loads the filter now, and gives up CAP_SYS_ADMIN, which only that takes, if init can wait for
     * its start under the filter.
     *
     * @return the calls that are left for the start
     */
    ProgramStart loadFilterEarly(Kernel init, CapabilitySets capabilities) {
        boolean takesAdmin = filter.isPresent() && !process.noNewPrivileges();
        if (!takesAdmin || notifies() || !filter.get().allows(callsWhileWaiting())) {
            return this;
        }
        filter.get().loadInto(init);
        capabilities.set(init, 0);
        init.flush();
        return new ProgramStart(process, Optional.empty());
    }
}
