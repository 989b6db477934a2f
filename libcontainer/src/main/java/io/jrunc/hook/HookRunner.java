// SPDX-License-Identifier: Apache-2.0
package io.jrunc.hook;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.program.HostProgram;
import io.jrunc.spec.Hook;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs hooks as children of a process that makes calls for Java, in its namespaces. A hook reads
 * the container's state from standard input; its output is kept, and only shown if it fails.
 */
public final class HookRunner {
    private static final int SHOWN_CHARACTERS = 4096;

    private final Kernel parent;
    private final String directory;
    private final List<String> inheritedEnvironment;
    private final HookOutput output;
    private final Consumer<Kernel> confine;

    /**
     * Hooks that run as children of {@code parent}.
     *
     * @param directory where they run; empty is where the parent is
     * @param inheritedEnvironment for hooks that say nothing of theirs
     * @param output where they print to, lent
     */
    public HookRunner(
            Kernel parent, String directory, List<String> inheritedEnvironment, HookOutput output) {
        this(parent, directory, inheritedEnvironment, output, hook -> {});
    }

    /**
     * The same for hooks that have less rights than {@code parent}.
     *
     * @param confine takes them from the process that is about to become the hook
     */
    public HookRunner(
            Kernel parent,
            String directory,
            List<String> inheritedEnvironment,
            HookOutput output,
            Consumer<Kernel> confine) {
        this.parent = parent;
        this.directory = directory;
        this.inheritedEnvironment = inheritedEnvironment;
        this.output = output;
        this.confine = confine;
    }

    /** Runs the hooks in order; the first that fails ends it. */
    public void run(HookKind kind, List<Hook> hooks, String state) {
        for (int i = 0; i < hooks.size(); i++) {
            run(kind, i, hooks.get(i), state);
        }
    }

    /** Runs one hook; a {@link Failure} names it and shows what it printed. */
    public void run(HookKind kind, int index, Hook hook, String state) {
        HostProgram program =
                new HostProgram(
                        hook.path(),
                        hook.args().isEmpty() ? List.of(hook.path()) : hook.args(),
                        hook.env().orElse(inheritedEnvironment),
                        directory,
                        hook.timeoutSeconds().orElse(0));
        HostProgram.Outcome outcome =
                program.run(
                        parent, state, 4 * SHOWN_CHARACTERS, confine, output.out(), output.err());
        if (!outcome.problem().isEmpty()) {
            throw Failure.of(
                    Failure.Code.HOOK,
                    "error running "
                            + kind.specName()
                            + " hook #"
                            + index
                            + ": "
                            + hook.path()
                            + ": "
                            + outcome.problem()
                            + ", stdout: "
                            + shown(outcome.stdout())
                            + ", stderr: "
                            + shown(outcome.stderr()));
        }
    }

    private static String shown(String printed) {
        return printed.substring(0, Math.min(printed.length(), SHOWN_CHARACTERS)).strip();
    }
}
