// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The resources of one test on this host: a directory, a state directory, and unique ids. After the
 * test all of it is removed; anything that the runtime should have removed is a failure.
 */
public final class Sandbox implements AutoCloseable {
    private static final ThreadLocal<Sandbox> CURRENT = new ThreadLocal<>();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long PATIENCE_MILLIS = 3000;

    private final String token;
    private final Path directory;
    private final Path root;
    private int names;

    private Sandbox() {
        token = String.format("it%08x", RANDOM.nextInt());
        try {
            directory = Files.createDirectory(Path.of(System.getProperty("java.io.tmpdir"), token));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        root = directory.resolve("state");
    }

    public static void open() {
        CURRENT.set(fresh());
    }

    /** Creates one for more than one test, to be closed by the caller. */
    public static Sandbox fresh() {
        return new Sandbox();
    }

    /** That of the test which runs in this thread. */
    public static Sandbox current() {
        return CURRENT.get();
    }

    /** Whatever belongs to this test has this word in its name. */
    public String token() {
        return token;
    }

    public Path directory() {
        return directory;
    }

    /** The argument of {@code --root}. */
    public Path root() {
        return root;
    }

    public String freshId() {
        names++;
        return token + "-" + names;
    }

    public Path freshFile(String name) {
        names++;
        return directory.resolve(name + names);
    }

    public Path freshDirectory(String name) {
        try {
            return Files.createDirectory(freshFile(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Any command. */
    public Invocation command(String... command) {
        return new Invocation(this, List.of(command));
    }

    public Invocation command(List<String> command) {
        return new Invocation(this, command);
    }

    /** The program under test, with the test's own state directory. */
    public Invocation runtime(String... arguments) {
        return runtime(List.of(arguments));
    }

    public Invocation runtime(List<String> arguments) {
        return program(Program.path(), arguments);
    }

    /** Another program that takes the same arguments. */
    public Invocation program(String path, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(path, "--root", root.toString()));
        command.addAll(arguments);
        return new Invocation(this, command);
    }

    /** Whether there is a state directory of this container. */
    public boolean knows(String id) {
        return Files.exists(root.resolve(id));
    }

    @Override
    public void close() {
        CURRENT.remove();
        try {
            List<String> problems = new ArrayList<>();
            for (String id : statesLeft()) {
                Result delete = runtime("delete", "--force", id).run();
                if (delete.status() != 0) {
                    problems.add(delete.describe());
                }
            }
            Host.becomes(PATIENCE_MILLIS, () -> remains().isEmpty());
            problems.addAll(remains());
            assertEquals(List.of(), problems, "left behind");
        } finally {
            sweep();
        }
    }

    /** What a container leaves behind if its runtime forgets it. */
    public List<String> remains() {
        List<String> remains = new ArrayList<>();
        Host.processes(token).forEach(process -> remains.add("process " + process));
        Host.cgroups(token).forEach(cgroup -> remains.add("cgroup " + cgroup));
        Host.mounts(token).forEach(mount -> remains.add("mount " + mount));
        statesLeft().forEach(state -> remains.add("state " + state + files(state)));
        return remains;
    }

    private List<String> files(String state) {
        String[] files = root.resolve(state).toFile().list();
        return files == null ? List.of() : List.of(files);
    }

    private List<String> statesLeft() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> states = Files.list(root)) {
            return states.map(state -> state.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the host as it was, whatever the runtime did. */
    private void sweep() {
        for (String process : Host.processes(token)) {
            long pid = Long.parseLong(process.substring(0, process.indexOf(' ')));
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        Host.becomes(PATIENCE_MILLIS, () -> Host.processes(token).isEmpty());
        for (Path cgroup : Host.cgroups(token)) {
            cgroup.toFile().delete();
        }
        for (String mount : Host.mounts(token)) {
            command("umount", "--lazy", mount).run();
        }
        if (Host.mounts(token).isEmpty()) {
            removeAll(directory);
        }
    }

    public static void removeAll(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
