// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A distribution of its own, with the classes as built, whose launcher looks for the resident
 * runtime in a directory of the test; and that runtime, once it was started.
 */
public final class ResidentRuntime implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final String HOME_LINE = "-Djrunc.home=";

    private final Sandbox sandbox = Sandbox.current();
    private final Path home = sandbox.freshDirectory("home");
    private final Path directory = sandbox.directory().resolve("resident");
    private String[] wrapper = {};
    private Invocation.Running server;

    public ResidentRuntime() {
        Path original = Path.of(Program.path()).getParent().getParent();
        try {
            Files.createDirectories(home.resolve("bin"));
            Files.createDirectories(home.resolve("lib"));
            Files.copy(Path.of(Program.path()), home.resolve("bin/jrunc"));
            List<String> words = absolute(original, "lib/jrunc.conf");
            words.add(0, "resident=" + directory);
            Files.write(home.resolve("lib/jrunc.conf"), words);
            Files.write(
                    home.resolve("lib/jrunc-serve.conf"),
                    absolute(original, "lib/jrunc-serve.conf"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> absolute(Path original, String file) throws IOException {
        List<String> words = new ArrayList<>(Files.readAllLines(original.resolve(file)));
        words.replaceAll(word -> word.replace("@HOME@", original.toString()));
        words.replaceAll(word -> word.startsWith(HOME_LINE) ? HOME_LINE + home + "/" : word);
        return words;
    }

    /** Has the server be another program, in the words of its configuration. */
    public ResidentRuntime with(List<String> words) {
        try {
            Files.write(home.resolve("lib/jrunc-serve.conf"), words);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the server be started by this command, whose last arguments it is. */
    public ResidentRuntime under(String... wrapper) {
        this.wrapper = wrapper.clone();
        return this;
    }

    /** The words of the server's configuration. */
    public List<String> words() {
        return Result.text(home.resolve("lib/jrunc-serve.conf")).lines().toList();
    }

    /** Starts {@code jrunc serve} with these options, and waits until it serves. */
    public ResidentRuntime start(String... options) {
        launch(options);
        assertTrue(servesSoon(), () -> "does not serve: " + server.soFar().describe());
        return this;
    }

    /** As {@link #start}, but waits for nothing. */
    public Invocation.Running launch(String... options) {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        arguments.addAll(Arrays.asList(options));
        server = runtime(arguments).under(wrapper).start();
        return server;
    }

    /** The directory of its socket. */
    public Path directory() {
        return directory;
    }

    public Path socket() {
        return directory.resolve("socket");
    }

    /** Makes the directory as the server would, for a test that puts something else there. */
    public Path makeDirectory(String mode) {
        try {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command of this distribution's launcher. */
    public Invocation runtime(String... arguments) {
        return runtime(List.of(arguments));
    }

    public Invocation runtime(List<String> arguments) {
        return sandbox.program(program(), arguments);
    }

    /** The launcher. */
    public String program() {
        return home.resolve("bin/jrunc").toString();
    }

    /** Whether a resident runtime takes the requests of a caller that {@code wrapper} starts. */
    public boolean serves(String... wrapper) {
        Result version = sandbox.command(program(), "--version").under(wrapper).run();
        assertTrue(version.output().contains("resident: "), version::describe);
        return version.output().contains("resident: yes");
    }

    /** As {@link #serves}, soon: a busy server may miss the launcher's patience. */
    public boolean servesSoon() {
        return Host.becomes(PATIENCE_MILLIS, this::serves);
    }

    public Invocation.Running server() {
        return server;
    }

    public long pid() {
        return server.pid();
    }

    /** Waits until it has ended. */
    public Result ended() {
        return server.await();
    }

    /** The numbers of its open descriptors. */
    public int descriptors() {
        String[] numbers = Path.of("/proc/" + pid() + "/fd").toFile().list();
        return numbers == null ? 0 : numbers.length;
    }

    @Override
    public void close() {
        if (server == null) {
            return;
        }
        server.process().destroy();
        try {
            if (!server.process().waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                server.process().destroyForcibly().waitFor();
                throw new AssertionError("SIGTERM did not end it: " + server.soFar().describe());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
