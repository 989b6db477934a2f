// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.serve;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.guard.KilledServerMain;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.GuardedJava;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.HostPicture;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.ResidentRuntime;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.RichBundle;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The resident runtime is killed after each of the steps of a command in turn. The command says so
 * in one sentence or has succeeded; what it was making is gone, without a {@code delete}, and the
 * next command is done.
 */
@Requires({ROOT, JRUNC})
class KilledServerIT {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final String GONE = "the resident runtime ended before it had finished";

    /** {@code -Dkill.every=1} takes every step where the table says: every n-th. */
    private static final int EVERY = Integer.getInteger("kill.every", 0);

    private ResidentRuntime resident;
    private Path arm;
    private Path report;

    @BeforeEach
    void prepare() {
        Sandbox sandbox = Sandbox.current();
        arm = sandbox.directory().resolve("arm");
        report = sandbox.directory().resolve("report");
        List<String> arguments = List.of(arm.toString(), report.toString());
        resident =
                new ResidentRuntime().with(GuardedJava.server(KilledServerMain.class, arguments));
    }

    @AfterEach
    void end() {
        resident.close();
    }

    @ParameterizedTest
    @CsvSource({"create, 4", "start, 3", "exec, 3", "delete, 5"})
    void nothingIsLeftOf(String command, int every, TestReporter reporter) {
        HostPicture before = HostPicture.take();
        Bundle bundle = RichBundle.make(false).args("sleep", "600");
        bundle.write();
        int stride = EVERY > 0 ? EVERY : every;
        int steps = 0;
        for (int step = 1; isKilledAfter(step, command, bundle); step += stride) {
            steps++;
        }
        reporter.publishEntry(command, "killed after " + steps + " steps, every " + stride);
        assertTrue(steps > 0);
        assertEquals(List.of(), before.damage());
    }

    /** Says whether the command got as far as that step. */
    private boolean isKilledAfter(int step, String command, Bundle bundle) {
        Sandbox sandbox = Sandbox.current();
        String id = sandbox.freshId();
        if (!command.equals("create")) {
            sandbox.runtime("create", "--bundle", bundle.directory().toString(), id).run().output();
        }
        if (command.equals("exec") || command.equals("delete")) {
            sandbox.runtime("start", id).run().output();
        }
        List<String> unharmed = command.equals("exec") ? sandbox.remains() : List.of();
        resident.start();
        postAfter(step);

        Result killed = resident.runtime(arguments(command, bundle, id)).run();

        boolean isKilled = Files.exists(report);
        String when = command + ", step " + step + ": killed after " + reported();
        if (isKilled) {
            resident.ended();
        } else {
            resident.close();
        }
        if (killed.status() != 0) {
            assertTrue(isKilled, killed::describe);
            assertTrue(killed.stderr().contains(GONE), () -> when + killed.describe());
            assertEquals(1, killed.stderr().lines().count(), () -> when + killed.describe());
            if (command.equals("create") || command.equals("exec")) {
                assertRemains(unharmed, when);
            }
        }
        Result delete = sandbox.runtime("delete", "--force", id).run();
        assertEquals(0, delete.status(), () -> when + delete.describe());
        assertRemains(List.of(), when);
        return isKilled;
    }

    private static List<String> arguments(String command, Bundle bundle, String id) {
        return switch (command) {
            case "create" -> List.of("create", "--bundle", bundle.directory().toString(), id);
            case "exec" -> List.of("exec", id, "true");
            case "delete" -> List.of("delete", "--force", id);
            default -> List.of(command, id);
        };
    }

    private void postAfter(int step) {
        try {
            Files.deleteIfExists(report);
            Path written = Sandbox.current().freshFile("step");
            Files.move(Files.writeString(written, Integer.toString(step)), arm);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> Files.notExists(arm)));
    }

    private String reported() {
        return Files.exists(report) ? Result.text(report) : "nothing";
    }

    private static void assertRemains(List<String> unharmed, String when) {
        Sandbox sandbox = Sandbox.current();
        Host.becomes(PATIENCE_MILLIS, () -> sandbox.remains().equals(unharmed));
        assertEquals(unharmed, sandbox.remains(), when);
    }
}
