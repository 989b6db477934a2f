// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A command about to be run: where, with which environment and input. */
public final class Invocation {
    private static final long PATIENCE_SECONDS = 60;
    private static final int SIGTERM = 15;

    private final Sandbox sandbox;
    private final List<String> command;
    private Path directory;
    private Map<String, String> environment = new TreeMap<>(System.getenv());
    private long patienceSeconds = PATIENCE_SECONDS;
    private File input = new File("/dev/null");

    public Invocation(Sandbox sandbox, List<String> command) {
        this.sandbox = sandbox;
        this.command = new ArrayList<>(command);
        this.directory = sandbox.directory();
    }

    /** How long it may take. */
    public Invocation patience(long seconds) {
        this.patienceSeconds = seconds;
        return this;
    }

    public Invocation in(Path directory) {
        this.directory = directory;
        return this;
    }

    public Invocation environment(Map<String, String> variables) {
        this.environment = variables;
        return this;
    }

    public Invocation variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Invocation input(Path file) {
        this.input = file.toFile();
        return this;
    }

    /** Has {@code wrapper} run the command, which are its last arguments. */
    public Invocation under(String... wrapper) {
        command.addAll(0, List.of(wrapper));
        return this;
    }

    /** Runs it to its end. */
    public Result run() {
        Running running = start();
        return running.await();
    }

    /** Lets it run. */
    public Running start() {
        Path stdout = sandbox.freshFile("stdout");
        Path stderr = sandbox.freshFile("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(input)
                        .redirectOutput(stdout.toFile())
                        .redirectError(stderr.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Running(command, builder.start(), stdout, stderr, patienceSeconds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command that runs. */
    public record Running(
            List<String> command, Process process, Path stdout, Path stderr, long patienceSeconds) {
        public Result await() {
            try {
                if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError("did not end in time: " + soFar().describe());
                }
                return soFar();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** What it has printed until now. */
        public Result soFar() {
            int status = process.isAlive() ? -1 : process.exitValue();
            return new Result(command, status, stdout, stderr);
        }

        public long pid() {
            return process.pid();
        }

        /**
         * Whether a runtime watches over its container by now. Until then a signal ends what is
         * being done, as in any command.
         */
        public boolean takesSignals() {
            long held = Long.parseUnsignedLong(Host.field(pid(), "status", "SigBlk"), 16);
            long caught = Long.parseUnsignedLong(Host.field(pid(), "status", "SigCgt"), 16);
            return ((held | caught) & 1 << SIGTERM - 1) != 0;
        }
    }
}
