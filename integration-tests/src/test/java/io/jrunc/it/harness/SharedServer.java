// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The resident runtime that serves the tests of some packages, where users have theirs. {@code
 * -Djrunc.served=true} has it serve all of them; a regular expression, those of the packages whose
 * last name it matches. The other tests run without a resident runtime.
 */
final class SharedServer implements AutoCloseable {
    private static final String SERVED = System.getProperty("jrunc.served", "false");
    private static final Path LOG = Path.of("target", "served.log");
    private static final long PATIENCE_MILLIS = 20_000;

    /** Ends it if the tests are ended in a way that leaves it behind. */
    private static final String IDLE_SECONDS = "900";

    private Process server;
    private boolean foundNone;

    /** Starts or ends it, as {@code tests} need it. */
    void provideFor(Class<?> tests) {
        boolean wanted = serves(tests);
        if (wanted && server == null) {
            start();
        } else if (!wanted) {
            close();
            requireNone();
        }
    }

    /** What another one served would be a test of that one. */
    private void requireNone() {
        if (!foundNone && Program.isJrunc()) {
            assertFalse(isServing(), "another resident runtime serves this program; end it first");
            foundNone = true;
        }
    }

    private static boolean serves(Class<?> tests) {
        String packageName = tests.getPackageName();
        String name = packageName.substring(packageName.lastIndexOf('.') + 1);
        return Program.isJrunc()
                && !tests.isAnnotationPresent(OneShot.class)
                && (SERVED.equals("true") || name.matches(SERVED));
    }

    private void start() {
        try {
            server =
                    new ProcessBuilder(Program.path(), "serve", "--idle", IDLE_SECONDS)
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
                            .redirectError(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> !server.isAlive() || isServing())
                        && server.isAlive(),
                () -> "the resident runtime does not serve: " + Result.text(LOG));
    }

    /** Whether a launcher has its request done by a resident runtime. */
    private static boolean isServing() {
        try {
            Process version =
                    new ProcessBuilder(Program.path(), "--version")
                            .redirectErrorStream(true)
                            .start();
            byte[] output = version.getInputStream().readAllBytes();
            return new String(output, StandardCharsets.UTF_8).contains("resident: yes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails if a test has ended it; the next one gets a new one. */
    void assertAlive() {
        if (server != null && !server.isAlive()) {
            server = null;
            throw new AssertionError("the resident runtime ended: " + Result.text(LOG));
        }
    }

    @Override
    public void close() {
        if (server == null) {
            return;
        }
        server.destroy();
        try {
            assertTrue(server.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS), "SIGTERM ends it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        server = null;
    }
}
