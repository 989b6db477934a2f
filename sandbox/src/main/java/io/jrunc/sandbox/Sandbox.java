// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.linux.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What a sandbox is like. Never changes: each method returns another one, so that one can be kept
 * and used for many programs, also by several threads.
 *
 * <p>What is not said is: no root file system, so that one must be given; 512 MiB of memory, 256
 * processes and threads, one processor; no time limit; 16 MiB of output; no input; {@code /tmp} of
 * its own, the only place that is writable.
 */
public final class Sandbox {
    private final Sandboxes place;
    private final Settings settings;

    Sandbox(Sandboxes place, Settings settings) {
        this.place = place;
        this.settings = settings;
    }

    private Sandbox with(Settings other) {
        return new Sandbox(place, other);
    }

    /**
     * Uses a directory of the host as its root, read-only. Empty directories where something is
     * mounted are made in it if they are missing: {@code proc}, {@code dev}, {@code tmp}, and the
     * targets of {@link #bind}.
     */
    public Sandbox rootfs(Path directory) {
        return with(settings.root(Given.existing(directory, "Sandbox.rootfs: directory")));
    }

    /** Uses the programs and libraries of the host, read-only, and nothing else of its files. */
    public Sandbox hostUsr() {
        return with(settings.hostUsr());
    }

    /**
     * Uses the root file system, the environment and the working directory of a bundle, the latter
     * two from its {@code config.json}; all else is as for any sandbox.
     */
    public Sandbox bundle(Path directory) {
        return with(settings.bundle(Given.existing(directory, "Sandbox.bundle: directory")));
    }

    /**
     * Shows a file or directory of the host, read-only.
     *
     * @param target an absolute path in the sandbox
     */
    public Sandbox bind(Path source, String target) {
        return with(
                settings.bind(
                        Given.existing(source, "Sandbox.bind: source"),
                        Given.inside(target, "Sandbox.bind: target"),
                        false));
    }

    /** As {@link #bind(Path, String)}. */
    public Sandbox bind(String source, String target) {
        return bind(Path.of(Given.present(source, "Sandbox.bind: source")), target);
    }

    /**
     * Shows a file or directory of the host, writable. Files of its owner belong to the program,
     * and what the program creates belongs to that owner.
     *
     * @param target an absolute path in the sandbox
     */
    public Sandbox bindWritable(Path source, String target) {
        return with(
                settings.bind(
                        Given.existing(source, "Sandbox.bindWritable: source"),
                        Given.inside(target, "Sandbox.bindWritable: target"),
                        true));
    }

    /** As {@link #bindWritable(Path, String)}. */
    public Sandbox bindWritable(String source, String target) {
        return bindWritable(Path.of(Given.present(source, "Sandbox.bindWritable: source")), target);
    }

    /** Limits its memory, files in {@code /tmp} included, and forbids it to swap. */
    public Sandbox memory(long bytes) {
        return with(settings.memory(Given.atLeast(1, bytes, "Sandbox.memory: bytes")));
    }

    /** Limits how many processes and threads there are at once. */
    public Sandbox pids(long count) {
        return with(settings.pids(Given.atLeast(1, count, "Sandbox.pids: count")));
    }

    /** Limits its part of the processors: 0.5 is half of one. */
    public Sandbox cpus(double processors) {
        if (!(processors >= Settings.LEAST_CPUS)) {
            throw Failure.invalid(
                    "Sandbox.cpus: processors",
                    processors + " is less than " + Settings.LEAST_CPUS);
        }
        return with(settings.cpus(processors));
    }

    /** Decides whether it has these limits, and what happens if one cannot be set. */
    public Sandbox limits(Limits limits) {
        return with(settings.limits(Given.present(limits, "Sandbox.limits: limits")));
    }

    /** Kills a program that runs longer than this. */
    public Sandbox timeout(Duration time) {
        Duration given = Given.present(time, "Sandbox.timeout: time");
        if (given.isNegative() || given.isZero()) {
            throw Failure.invalid("Sandbox.timeout: time", given + " is not positive");
        }
        return with(settings.timeout(given));
    }

    /** Kills a program that writes more than this, to standard output and errors together. */
    public Sandbox maxOutput(long bytes) {
        return with(settings.maxOutput(Given.atLeast(0, bytes, "Sandbox.maxOutput: bytes")));
    }

    /** Sets a variable of its environment. */
    public Sandbox env(String name, String value) {
        String given = Given.present(name, "Sandbox.env: name");
        if (given.isEmpty() || given.contains("=") || given.contains("\0")) {
            throw Failure.invalid(
                    "Sandbox.env: name", "\"" + given + "\" is no name of a variable");
        }
        return with(settings.env(given, Given.present(value, "Sandbox.env: value")));
    }

    /** Starts programs in this directory, an absolute path in the sandbox. */
    public Sandbox workingDirectory(String directory) {
        return with(
                settings.workingDirectory(
                        Given.inside(directory, "Sandbox.workingDirectory: directory")));
    }

    /** Decides what programs read. */
    public Sandbox stdin(Input input) {
        return with(settings.stdin(Given.present(input, "Sandbox.stdin: input")));
    }

    /** Decides where their output goes. */
    public Sandbox stdout(Output output) {
        return with(settings.stdout(Given.present(output, "Sandbox.stdout: output")));
    }

    /** Decides where their error messages go. */
    public Sandbox stderr(Output output) {
        return with(settings.stderr(Given.present(output, "Sandbox.stderr: output")));
    }

    /**
     * Gives programs a terminal. Output and errors then come together, from {@link Running#stdout},
     * and {@link Running#stdin} is what is typed.
     */
    public Sandbox terminal() {
        return with(settings.withTerminal());
    }

    /**
     * Runs a command in a new sandbox, and waits for its end. An interrupt kills it.
     *
     * @param command the program and its arguments; one whose name ends in {@code .jar} is executed
     *     by this JVM's JDK
     * @throws Failure if the sandbox cannot be made, or the program not be executed
     */
    public Result run(String... command) throws InterruptedException {
        return run(Arrays.asList(Given.present(command, "Sandbox.run: command")));
    }

    /** As {@link #run(String...)}. */
    public Result run(List<String> command) throws InterruptedException {
        return place.run(settings, Given.words(command, "Sandbox.run: command"));
    }

    /**
     * Starts a command in a new sandbox. When this returns, execve(2) has succeeded.
     *
     * @throws Failure if the sandbox cannot be made, or the program not be executed
     */
    public Running start(String... command) {
        return start(Arrays.asList(Given.present(command, "Sandbox.start: command")));
    }

    /** As {@link #start(String...)}. */
    public Running start(List<String> command) {
        return place.start(settings, Given.words(command, "Sandbox.start: command"));
    }
}
