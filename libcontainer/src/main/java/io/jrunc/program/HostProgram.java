// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import io.jrunc.linux.Call;
import io.jrunc.linux.Descriptors;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Processes;
import io.jrunc.linux.Signal;
import io.jrunc.linux.local.LocalKernel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A program of the host that is run to its end: a hook, newuidmap, ps. What it prints goes into
 * memory files, so that it never waits for us.
 *
 * @param path absolute
 * @param arguments its own name included
 * @param environment the whole of it
 * @param directory where it runs; empty is where its parent is
 * @param timeoutSeconds when it is killed; 0 is never
 */
public record HostProgram(
        String path,
        List<String> arguments,
        List<String> environment,
        String directory,
        int timeoutSeconds) {
    private static final int FIRST_TO_CLOSE = 3;

    private static final int MAX_PRINTED_BYTES = 16 << 20;

    private static final long NO_TIMEOUT_MILLIS = 365L * 24 * 3600 * 1000;

    public HostProgram {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /**
     * How it ended.
     *
     * @param problem what went wrong, without a subject; empty if it exited with 0
     */
    public record Outcome(String problem, String stdout, String stderr) {}

    /**
     * Returns where this host has the program {@code name}, if it has.
     *
     * @param path directories with colons between them; relative ones are skipped, because what
     *     they lead to depends on where the caller happens to be
     */
    public static Optional<String> find(Files files, String path, String name) {
        for (String directory : path.split(":", -1)) {
            String file = directory + "/" + name;
            if (directory.startsWith("/")
                    && files.mayExecute(files.here(), file).error().isEmpty()) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** Runs it as a child of {@code parent}, with {@code input} to read. */
    public Outcome run(Kernel parent, String input) {
        return run(
                parent,
                input,
                MAX_PRINTED_BYTES,
                process -> {},
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Runs it as a child of {@code parent}.
     *
     * @param input what it reads
     * @param maxBytes how much of what it prints to keep: it may print without end
     * @param confine what the new process does last before it becomes the program
     * @param stdout what it prints to, lent; empty: the outcome has what it prints
     * @param stderr the same
     */
    public Outcome run(
            Kernel parent,
            String input,
            int maxBytes,
            Consumer<Kernel> confine,
            Optional<Fd> stdout,
            Optional<Fd> stderr) {
        Files local = LocalKernel.get().files();
        try (Fd in = local.descriptors().memoryFile("stdin");
                Fd out = local.descriptors().memoryFile("stdout");
                Fd err = local.descriptors().memoryFile("stderr")) {
            local.writeAll(in, input.getBytes(StandardCharsets.UTF_8));
            local.rewind(in);
            String problem = run(parent, in, stdout.orElse(out), stderr.orElse(err), confine);
            return new Outcome(
                    problem, printed(local, out, maxBytes), printed(local, err, maxBytes));
        }
    }

    private static String printed(Files local, Fd file, int maxBytes) {
        int length = (int) Math.min(local.stat(file).size(), maxBytes);
        local.rewind(file);
        return new String(local.read(file, length), StandardCharsets.UTF_8);
    }

    private String run(Kernel parent, Fd in, Fd out, Fd err, Consumer<Kernel> confine) {
        Processes processes = parent.processes();
        Call clone = processes.cloneProcess(Set.of());
        int pid = (int) clone.result();
        Kernel process = parent.bornOf(clone, "hook");
        try {
            exec(process, in, out, err, confine);
        } catch (Failure f) {
            process.close();
            processes.await(pid, true);
            return f.getMessage();
        }
        try (Fd pidfd = processes.openPid(pid)) {
            boolean ended = processes.awaitEndOrHangup(pidfd, timeoutMillis());
            if (!ended) {
                processes.signal(pidfd, Signal.SIGKILL);
            }
            return problem(ended, processes.await(pid, true));
        }
    }

    private long timeoutMillis() {
        return timeoutSeconds > 0 ? timeoutSeconds * 1000L : NO_TIMEOUT_MILLIS;
    }

    private String problem(boolean ended, int waitStatus) {
        if (!ended) {
            return "hook ran past specified timeout of " + timeoutSeconds + ".0s";
        }
        int signal = Signal.ofWaitStatus(waitStatus);
        if (signal != 0) {
            return "killed by signal " + signal;
        }
        return waitStatus == 0 ? "" : "exit status " + (waitStatus >> 8);
    }

    private void exec(Kernel process, Fd in, Fd out, Fd err, Consumer<Kernel> confine) {
        Files files = process.files();
        // What it does to its process group must not hit the launcher and its caller.
        process.processes().newSession();
        process.processes().dieWithParent();
        Descriptors descriptors = process.descriptors();
        descriptors.duplicateTo(descriptors.duplicate(in), 0);
        descriptors.duplicateTo(descriptors.duplicate(out), 1);
        descriptors.duplicateTo(descriptors.duplicate(err), 2);
        process.processes().closeOnExec(FIRST_TO_CLOSE);
        if (!directory.isEmpty()) {
            files.chdir(directory).tolerate(Errno.ENOENT, Errno.EACCES).submit();
        }
        confine.accept(process);
        process.processes().exec(path, arguments, environment);
        process.finish();
    }
}
