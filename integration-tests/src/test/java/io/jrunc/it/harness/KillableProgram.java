// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import io.jrunc.it.guard.KilledMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The built program, which is killed at a given step: the same launcher and classes, in a directory
 * of its own.
 */
public final class KillableProgram {
    /** The process to kill. */
    public enum Victim {
        JAVA,
        LAUNCHER,
        BOTH
    }

    private final Sandbox sandbox;
    private final Path home;
    private final Path report;

    public KillableProgram(Sandbox sandbox) {
        this.sandbox = sandbox;
        home = sandbox.freshDirectory("home");
        report = sandbox.freshFile("report");
        try {
            Files.createDirectories(home.resolve("bin"));
            Files.createDirectories(home.resolve("lib"));
            Files.copy(Path.of(Program.path()), home.resolve("bin/jrunc"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command of it that is killed after its n-th step. */
    public Result run(Path directory, Victim victim, int step, List<String> arguments) {
        try {
            Files.deleteIfExists(report);
            Files.write(home.resolve("lib/jrunc.conf"), configuration(victim, step));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sandbox.program(home.resolve("bin/jrunc").toString(), arguments).in(directory).run();
    }

    /** The step that it was killed after; absent if it had ended before. */
    public Optional<String> killedAfter() {
        return Files.exists(report) ? Optional.of(Result.text(report)) : Optional.empty();
    }

    private List<String> configuration(Victim victim, int step) {
        return GuardedJava.command(
                KilledMain.class,
                List.of(victim.name(), Integer.toString(step), report.toString()));
    }
}
