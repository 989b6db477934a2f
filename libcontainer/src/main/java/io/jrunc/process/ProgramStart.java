package io.jrunc.process;

import io.jrunc.linux.Credentials;
import io.jrunc.linux.Kernel;
import io.jrunc.plan.Scene;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.FilterCompiler;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SeccompFlags;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Rlimit;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The last calls of init, which make it the program. They depend on nothing that happens between
 * create and start, so they are computed at create and kept.
 *
 * @param filter absent: system calls are not filtered
 */
public record ProgramStart(
        ProcessSpec process, CapabilitySets capabilities, Optional<Filter> filter) {
    private static final int DEFAULT_UMASK = 0022;

    /**
     * A compiled seccomp filter and the flags to load it with.
     *
     * @param notifies whether it asks a listener about some calls
     */
    public record Filter(byte[] program, long flags, boolean notifies) {}

    /**
     * Computes what the specification asks for.
     *
     * @param lastCapability the highest that the kernel knows
     */
    public static ProgramStart of(
            ProcessSpec process, Optional<Seccomp> seccomp, int lastCapability) {
        // As in runc, a specification that names no capabilities gets none.
        CapabilitySets capabilities =
                CapabilitySets.of(process.capabilities().orElse(Capabilities.NONE), lastCapability);
        Optional<Filter> filter = Optional.empty();
        if (seccomp.isPresent()) {
            byte[] program =
                    FilterCompiler.compile(seccomp.get(), Architecture.ofThisMachine())
                            .toBytes(ByteOrder.nativeOrder());
            filter =
                    Optional.of(
                            new Filter(
                                    program,
                                    SeccompFlags.of(seccomp.get()),
                                    seccomp.get().notifies()));
        }
        return new ProgramStart(process, capabilities, filter);
    }

    /** Submits the calls to {@code init}, which is that of the scene or stands for it. */
    public void submit(Kernel init, Scene scene) {
        Credentials credentials = init.credentials();
        init.files().umask(process.user().umask().orElse(DEFAULT_UMASK));
        for (Scene.Label label : scene.labels()) {
            // While nothing is given up yet, and before a filter that might forbid it.
            init.files().write(label.file(), label.request());
        }
        if (process.noNewPrivileges()) {
            credentials.setNoNewPrivileges();
        }
        for (Rlimit limit : process.rlimits()) {
            int number = limit.type().number();
            String name = limit.type().specName();
            init.processes().setLimit(0, number, name, limit.soft(), limit.hard()).submit();
        }
        if (!process.noNewPrivileges()) {
            // Loading a filter now takes CAP_SYS_ADMIN, so it comes before capabilities go; what
            // follows must be allowed by the profile.
            load(init);
        }
        capabilities.dropBounding(init);
        credentials.keepCapabilities(true);
        Identity.of(process).become(init);
        credentials.keepCapabilities(false);
        capabilities.apply(init);
        if (process.noNewPrivileges()) {
            // Seccomp last: each call after this line must be allowed by the user's profile.
            load(init);
        }
        init.processes()
                .exec(
                        scene.executable(),
                        process.args(),
                        Environment.withHome(Environment.parse(process.env()), scene.home()));
    }

    private void load(Kernel init) {
        if (filter.isEmpty()) {
            return;
        }
        if (filter.get().notifies()) {
            // The listener is fetched from outside, which a change of user would have forbidden.
            // execve(2) sets this anew.
            init.processes().setDumpable(true);
        }
        Credentials credentials = init.credentials();
        credentials.loadFilter(filter.get().program(), filter.get().flags()).submit();
        if (filter.get().notifies()) {
            // Until somebody listens, calls that the profile hands to the listener would fail.
            credentials.awaitListener(FilterCompiler.AWAIT_LISTENER).submit();
        }
    }
}
