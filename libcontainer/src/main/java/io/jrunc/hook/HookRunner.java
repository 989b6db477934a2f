package io.jrunc.hook;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Processes;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.spec.Hook;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Runs hooks as children of a process that is told what to do, in its namespaces. A hook reads the
 * container's state from standard input; what it prints is kept and only shown if it fails.
 */
public final class HookRunner {
    private static final int SIGKILL = 9;
    private static final int FIRST_TO_CLOSE = 3;
    private static final int SHOWN_BYTES = 4096;
    private static final long NO_TIMEOUT_MILLIS = 365L * 24 * 3600 * 1000;

    private final Kernel parent;
    private final String directory;
    private final List<String> inheritedEnvironment;

    /**
     * Hooks that run as children of {@code parent}.
     *
     * @param directory where they run; empty is where the parent is
     * @param inheritedEnvironment for hooks that say nothing of theirs
     */
    public HookRunner(Kernel parent, String directory, List<String> inheritedEnvironment) {
        this.parent = parent;
        this.directory = directory;
        this.inheritedEnvironment = inheritedEnvironment;
    }

    /** Runs the hooks in order; the first that fails ends it. */
    public void run(HookKind kind, List<Hook> hooks, String state) {
        for (int i = 0; i < hooks.size(); i++) {
            run(kind, i, hooks.get(i), state);
        }
    }

    /** Runs one hook; a {@link Failure} names it and shows what it printed. */
    public void run(HookKind kind, int index, Hook hook, String state) {
        Files local = LocalKernel.get().files();
        try (Fd input = local.memoryFile("state");
                Fd out = local.memoryFile("stdout");
                Fd err = local.memoryFile("stderr")) {
            local.writeAll(input, state.getBytes(StandardCharsets.UTF_8));
            local.rewind(input);
            String problem = runProcess(hook, input, out, err);
            if (!problem.isEmpty()) {
                throw Failure.of(
                        "hook",
                        "error running "
                                + kind.specName()
                                + " hook #"
                                + index
                                + ": "
                                + hook.path()
                                + ": "
                                + problem
                                + ", stdout: "
                                + printed(local, out)
                                + ", stderr: "
                                + printed(local, err));
            }
        }
    }

    private static String printed(Files local, Fd file) {
        byte[] bytes = local.readAt(file, SHOWN_BYTES, 0);
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    /** Returns what went wrong; empty if nothing did. */
    private String runProcess(Hook hook, Fd input, Fd out, Fd err) {
        Processes processes = parent.processes();
        Call clone = processes.cloneProcess(Set.of(), null);
        int pid = (int) clone.result();
        Kernel process = parent.bornOf(clone, "hook");
        try {
            exec(process, hook, input, out, err);
        } catch (Failure f) {
            process.close();
            processes.await(pid, true);
            return f.getMessage();
        }
        int seconds = hook.timeoutSeconds().orElse(0);
        try (Fd pidfd = processes.openPid(pid)) {
            boolean ended =
                    processes.awaitEnd(pidfd, seconds > 0 ? seconds * 1000L : NO_TIMEOUT_MILLIS);
            if (!ended) {
                processes.signal(pidfd, SIGKILL);
            }
            int status = processes.await(pid, true);
            if (!ended) {
                return "hook ran past specified timeout of " + seconds + ".0s";
            }
            int signal = status & 0x7f;
            if (signal != 0) {
                return "killed by signal " + signal;
            }
            return status == 0 ? "" : "exit status " + (status >> 8);
        }
    }

    private void exec(Kernel process, Hook hook, Fd input, Fd out, Fd err) {
        Files files = process.files();
        files.duplicateTo(files.duplicate(input), 0);
        files.duplicateTo(files.duplicate(out), 1);
        files.duplicateTo(files.duplicate(err), 2);
        process.processes().closeOnExec(FIRST_TO_CLOSE);
        if (!directory.isEmpty()) {
            files.chdir(directory).tolerate(Errno.ENOENT, Errno.EACCES).submit();
        }
        List<String> args = hook.args().isEmpty() ? List.of(hook.path()) : hook.args();
        process.processes().exec(hook.path(), args, hook.env().orElse(inheritedEnvironment));
        process.finish();
    }
}
