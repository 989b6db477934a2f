// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.lab;

import io.jrunc.json.JsonText;
import io.jrunc.linux.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where an experiment is made: a bundle of its own in a temporary directory, commands that are
 * shown and run there, and what is expected of them. Closing it removes the container and the
 * directory.
 */
final class Bench implements AutoCloseable {
    private static final int COLUMNS = 78;
    private static final long PATIENCE_SECONDS = 60;
    private static final List<String> APPLETS =
            List.of(
                    "cat",
                    "chroot",
                    "dd",
                    "echo",
                    "grep",
                    "head",
                    "hostname",
                    "id",
                    "kill",
                    "ls",
                    "mknod",
                    "mount",
                    "nc",
                    "ps",
                    "readlink",
                    "sh",
                    "sleep",
                    "tail",
                    "touch");

    private final Consumer<String> out;
    private final Runnable pause;
    private final Path program;
    private final List<String> options;
    private final String id;
    private final Path directory;
    private final Path rootfs;
    private final Path config;
    private final Process cleaner;
    private final List<String> wrong = new ArrayList<>();

    /**
     * What a command of an experiment did.
     *
     * @param output what it has printed to both streams
     */
    record Outcome(int status, String output) {
        boolean says(String text) {
            return output.contains(text);
        }
    }

    /**
     * A bench with a bundle.
     *
     * @param out receives what is shown
     * @param pause called before each command
     * @param program the runtime
     * @param options the runtime's options before the command, as given
     * @param id of the container
     * @param parent where to make the bundle
     */
    Bench(
            Consumer<String> out,
            Runnable pause,
            Path program,
            List<String> options,
            String id,
            Path parent) {
        this.out = out;
        this.pause = pause;
        this.program = program;
        this.options = List.copyOf(options);
        this.id = id;
        try {
            directory = Files.createTempDirectory(parent, "jrunc-" + id + "-");
            rootfs = directory.resolve("rootfs");
            config = directory.resolve("config.json");
            cleaner = cleaner();
            fill();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        specification("");
    }

    /** Makes a root file system of busybox alone, which user namespaces may see as well. */
    private void fill() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path bin = Files.createDirectories(rootfs.resolve("bin"));
        for (String name : List.of("dev", "etc", "proc", "sys", "tmp")) {
            Files.createDirectory(rootfs.resolve(name));
        }
        Files.copy(busybox(), bin.resolve("busybox"));
        for (String applet : APPLETS) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
    }

    private static Path busybox() {
        for (String place : List.of("/bin/busybox", "/usr/bin/busybox", "/bin/busybox.static")) {
            Path path = Path.of(place);
            if (Files.isExecutable(path) && isStatic(path)) {
                return path;
            }
        }
        throw Failure.of(
                Failure.Code.HOST,
                "there is no busybox that is linked statically; install it (Debian:"
                        + " busybox-static)");
    }

    private static boolean isStatic(Path program) {
        try {
            String bytes = Files.readString(program, StandardCharsets.ISO_8859_1);
            return !bytes.contains("/ld-linux") && !bytes.contains("/ld-musl");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Explains what comes next, or what was seen. */
    void explain(String text) {
        out.accept("\n" + wrapped(text));
    }

    static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > COLUMNS) {
                lines.append('\n');
                column = 0;
            }
            lines.append(column > 0 ? " " : "").append(word);
            column += word.length() + (column > 0 ? 1 : 0);
        }
        return lines.append('\n').toString();
    }

    /** Writes config.json anew, as {@code jrunc spec} does with {@code options}. */
    private void specification(String specOptions) {
        Outcome spec = quietly("rm -f config.json; jrunc spec " + specOptions);
        if (spec.status() != 0) {
            close();
            throw Failure.of(Failure.Code.HOST, spec.output().strip());
        }
        prepare("process.terminal", "false");
    }

    /** Sets a field of config.json, and shows it. */
    void set(String field, String json) {
        out.accept("config.json: " + field + " = " + json + "\n");
        change(document -> document.set(field, json));
    }

    /** Sets what the container executes. */
    void program(String... words) {
        JsonText json = JsonText.compact();
        json.beginList();
        List.of(words).forEach(json::element);
        json.endList();
        set("process.args", json.toString());
    }

    /** Removes a field of config.json, and shows it. */
    void remove(String field) {
        out.accept("config.json: no " + field + "\n");
        change(document -> document.remove(field));
    }

    /** Sets a field that is not what the experiment is about. */
    void prepare(String field, String json) {
        change(document -> document.set(field, json));
    }

    private void change(Consumer<ConfigDocument> change) {
        try {
            ConfigDocument document = ConfigDocument.parse(Files.readAllBytes(config));
            change.accept(document);
            Files.write(config, document.json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shows a command line of a shell, runs it in the bundle, and shows what it prints. */
    Outcome run(String command) {
        pause.run();
        out.accept("$ " + command + "\n");
        Outcome outcome = quietly(command);
        out.accept(outcome.output().replaceAll("(?m)^(?=.)", "  "));
        if (outcome.status() != 0) {
            out.accept("  (exit status " + outcome.status() + ")\n");
        }
        return outcome;
    }

    /**
     * Runs it without showing it. What it prints goes to a file: a detached container keeps it
     * open.
     */
    private Outcome quietly(String command) {
        Path printed = directory.resolve("printed");
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", functions() + command)
                        .directory(directory.toFile())
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(printed.toFile());
        try {
            Process process = builder.start();
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw Failure.of(
                            Failure.Code.HOST,
                            command + " did not end within " + PATIENCE_SECONDS + " seconds");
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw Failure.of(Failure.Code.HOST, "interrupted");
            }
            return new Outcome(
                    process.exitValue(),
                    new String(Files.readAllBytes(printed), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the shell has to know: {@code jrunc} is this one, with the options that were given. */
    private String functions() {
        StringBuilder words = new StringBuilder(quoted(program.toString()));
        options.forEach(option -> words.append(' ').append(quoted(option)));
        return "jrunc() { " + words + " \"$@\"; }; ";
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** Says whether what is expected has come true. */
    void expect(boolean holds, String what) {
        out.accept((holds ? "  ✓ " : "  ✗ ") + what + "\n");
        if (!holds) {
            wrong.add(what);
        }
    }

    /** What was expected, and was otherwise. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /**
     * Starts what removes the container and the bundle when this process closes the pipe to it, or
     * ends in any other way.
     */
    private Process cleaner() throws IOException {
        String clean =
                "trap '' HUP INT QUIT TERM; read -r end; "
                        + functions()
                        + "jrunc delete --force "
                        + id
                        + "; exec rm -rf --one-file-system "
                        + quoted(directory.toString());
        return new ProcessBuilder("/bin/sh", "-c", clean)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Override
    public void close() {
        try {
            cleaner.getOutputStream().close();
            cleaner.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it goes on by itself
        }
    }
}
