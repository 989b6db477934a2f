// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.container.Container;
import io.jrunc.container.Containers;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The directory of one {@link Sandboxes}, inside the directory that the program names. A lock that
 * is held as long as the program lives tells it from what a dead one has left. flock(2).
 *
 * <pre>
 *   directory/lock                taken while one is made, or removed
 *   directory/PID-NUMBER/lock     held as long as the JVM lives
 *                       /state    of the containers
 *                       /usr      the root file system of those that see the host's programs
 *                       /handlers how Java archives are executed
 * </pre>
 */
final class Place implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String STATE = "state";
    private static final String HANDLERS = "handlers";
    private static final int LOCK_MODE = 0600;

    /** Another user, the sandbox's root, must be able to enter, but not to look around. */
    private static final String DIRECTORY_MODE = "rwx--x--x";

    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long PAUSE_NANOS = 20_000_000;

    private final Path path;
    private final Fd lock;

    private Place(Path path, Fd lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes one in {@code directory}, and removes those there whose programs are dead. */
    static Place in(Path directory, Kernel kernel, ProcessSpawner spawner) {
        try {
            makeDirectories(directory);
            try (Fd making = lockFile(kernel, directory)) {
                kernel.descriptors().lock(making);
                removeDead(directory, kernel, spawner);
                return made(directory, kernel);
            }
        } catch (IOException e) {
            throw Failure.of(Failure.Code.HOST, "sandboxes in " + directory + ": " + e, e);
        }
    }

    private static void makeDirectories(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            makeDirectories(parent);
        }
        if (!Files.isDirectory(directory)) {
            makeDirectory(directory);
        }
    }

    /** Makes a directory, whatever the umask; that another thread has made it is fine. */
    private static Path makeDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(
                    directory, PosixFilePermissions.fromString(DIRECTORY_MODE));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        return directory;
    }

    private static Fd lockFile(Kernel kernel, Path directory) {
        String file = directory.resolve(LOCK).toString();
        return kernel.files().openOrCreate(kernel.files().here(), file, LOCK_MODE, OpenFlag.RDWR);
    }

    private static Place made(Path directory, Kernel kernel) throws IOException {
        String name = ProcessHandle.current().pid() + "-" + kernel.credentials().randomName();
        Path path = makeDirectory(directory.resolve(name));
        Fd lock = lockFile(kernel, path);
        kernel.descriptors().lock(lock);
        makeDirectory(path.resolve(HANDLERS));
        return new Place(path, lock);
    }

    private static void removeDead(Path directory, Kernel kernel, ProcessSpawner spawner)
            throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.filter(Files::isDirectory).toList()) {
                if (Files.exists(entry.resolve(LOCK))) {
                    try (Fd theirs = lockFile(kernel, entry)) {
                        if (kernel.descriptors().tryLock(theirs)) {
                            remove(entry, kernel, spawner);
                        }
                    }
                }
            }
        }
    }

    /** Removes containers first; guards of the dead program may be doing the same. */
    private static void remove(Path place, Kernel kernel, ProcessSpawner spawner)
            throws IOException {
        Containers containers = new Containers(kernel, place.resolve(STATE).toString(), spawner);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!containers.ids().isEmpty()) {
            Optional<Failure> last = Optional.empty();
            for (String id : containers.ids()) {
                try {
                    removeContainer(containers, id);
                } catch (Failure f) {
                    last = Optional.of(f);
                }
            }
            if (last.isPresent()) {
                if (end - System.nanoTime() < 0) {
                    throw last.get().during("remove what a dead program has left in " + place);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        removeTree(place);
    }

    private static void removeContainer(Containers containers, String id) {
        try (Container container = containers.find(id).orElse(null)) {
            if (container == null) {
                containers.sweep(id);
            } else {
                container.delete(true, warning -> {});
            }
        } catch (Failure f) {
            if (f.code() != Failure.Code.DAMAGED) {
                throw f;
            }
            Facilities here = Facilities.read();
            containers.removeLost(id, here.host(), here.cgroups(Limits.BEST_EFFORT), warning -> {});
        }
    }

    /** Links are removed, and not followed. */
    private static void removeTree(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Returns the directory. */
    Path path() {
        return path;
    }

    /** Returns the name that no other one has. */
    String name() {
        return path.getFileName().toString();
    }

    /** Returns where the state of its containers is. */
    String state() {
        return path.resolve(STATE).toString();
    }

    /** Returns where handlers are described. */
    String handlers() {
        return path.resolve(HANDLERS).toString();
    }

    /**
     * Returns the root file system of the host's programs. All sandboxes have the same one: each
     * sees, as empty directories, what others mount on.
     */
    synchronized Path usrRoot() throws IOException {
        Path root = path.resolve("usr");
        if (!Files.isDirectory(root)) {
            HostUsr.prepare(makeDirectory(root));
        }
        return root;
    }

    /**
     * Describes how Java archives are executed within these limits, which the JVM could otherwise
     * only learn from files of the host. Returns the handler's name.
     */
    synchronized String javaHandler(long memory, double cpus) throws IOException {
        long processors = (long) Math.ceil(cpus);
        String name = "java-" + memory + "-" + processors;
        Path file = path.resolve(HANDLERS).resolve(name + ".json");
        if (!Files.exists(file)) {
            String limits =
                    "\"-XX:MaxRAM=" + memory + "\", \"-XX:ActiveProcessorCount=" + processors;
            Files.writeString(
                    file,
                    javaHandler()
                            .replace("\"java\"", "\"" + name + "\"")
                            .replace("\"args\": [", "\"args\": [" + limits + "\", "));
        }
        return name;
    }

    private static String javaHandler() throws IOException {
        try (InputStream java = Place.class.getResourceAsStream("java.json")) {
            if (java == null) {
                throw Failure.of(Failure.Code.INSTALLATION, "java.json is missing in the jar");
            }
            return new String(java.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Refuses a directory that the sandboxes' root, another user than this one, cannot enter: none
     * of them could start.
     */
    void requireReachable() {
        if (!Host.isPrivileged()) {
            return;
        }
        for (Path at = path.getParent(); at != null; at = at.getParent()) {
            try {
                if (!Files.getPosixFilePermissions(at)
                        .contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    throw Failure.of(
                            Failure.Code.HOST,
                            at
                                    + " cannot be entered by other users, and the root of a"
                                    + " sandbox is one",
                            at.toString(),
                            "chmod o+x " + at + ", or open the sandboxes below /run");
                }
            } catch (IOException e) {
                throw Failure.of(Failure.Code.HOST, "permissions of " + at + ": " + e, e);
            }
        }
    }

    /** Removes the directory; there are no containers in it any more. */
    @Override
    public void close() {
        try {
            removeTree(path);
        } catch (IOException e) {
            throw Failure.of(Failure.Code.HOST, "remove " + path + ": " + e, e);
        } finally {
            lock.close();
        }
    }
}
