// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What can be seen of containers from outside. */
public final class Host {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final long POLL_MILLIS = 10;

    private Host() {}

    /**
     * The processes, zombies aside, whose command line, cgroup or standard streams contain the
     * word. A process that is not in a container yet has only the streams of its caller.
     */
    public static List<String> processes(String word) {
        List<String> found = new ArrayList<>();
        for (long pid : pids()) {
            Optional<String> command = proc(pid, "cmdline");
            Optional<String> cgroup = proc(pid, "cgroup");
            Optional<String> stat = proc(pid, "stat");
            if (command.isEmpty() || cgroup.isEmpty() || stat.isEmpty()) {
                continue;
            }
            boolean zombie = stat.get().substring(stat.get().lastIndexOf(')')).startsWith(") Z");
            boolean named = command.get().contains(word) || cgroup.get().contains(word);
            if (!zombie && (named || writesTo(pid, word))) {
                found.add(pid + " " + command.get().replace('\0', ' ').strip());
            }
        }
        return found;
    }

    private static boolean writesTo(long pid, String word) {
        return Stream.of("1", "2").anyMatch(stream -> descriptor(pid, stream).contains(word));
    }

    /** What a descriptor of a process leads to; empty if it has none, or is gone. */
    private static String descriptor(long pid, String number) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + number)).toString();
        } catch (IOException e) {
            return "";
        }
    }

    public static List<Long> pids() {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid).toList();
    }

    /** A file of /proc/PID; empty if the process is gone. */
    public static Optional<String> proc(long pid, String file) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), file));
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A line {@code key: value} of a file of /proc/PID. */
    public static String field(long pid, String file, String key) {
        return proc(pid, file)
                .orElseThrow()
                .lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** The cgroups, of all hierarchies, with the word in their name; the innermost first. */
    public static List<Path> cgroups(String word) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(
                    CGROUPS,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path directory, BasicFileAttributes a) throws IOException {
                            if (isLeaf(directory)) {
                                postVisitDirectory(directory, null);
                                return FileVisitResult.SKIP_SUBTREE;
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                            if (directory.toString().contains(word)) {
                                found.add(directory);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE; // removed while we walked
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /**
     * Whether a cgroup has no others in it, by its number of links: to look at each of its files,
     * of which there are some forty, costs a test that much more on a host with many cgroups.
     */
    private static boolean isLeaf(Path cgroup) {
        try {
            return (Integer) Files.getAttribute(cgroup, "unix:nlink") == 2;
        } catch (IOException e) {
            return false; // removed meanwhile: visitFileFailed() follows
        }
    }

    /** The mount points on this host with the word in their path. */
    public static List<String> mounts(String word) {
        return proc(ProcessHandle.current().pid(), "mountinfo")
                .orElseThrow()
                .lines()
                .map(line -> line.split(" ", -1)[4])
                .filter(mountPoint -> mountPoint.contains(word))
                .toList();
    }

    /** Waits until it is so; says whether it ever was. */
    public static boolean becomes(long withinMillis, BooleanSupplier condition) {
        long end = System.nanoTime() + withinMillis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause(POLL_MILLIS);
        }
        return true;
    }

    public static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where the v2 hierarchy is mounted. */
    public static Optional<Path> unifiedCgroup() {
        for (String place : new String[] {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
            if (Files.exists(Path.of(place, "cgroup.controllers"))) {
                return Optional.of(Path.of(place));
            }
        }
        return Optional.empty();
    }

    /** The numbers of some disk, {@code 254:0}. */
    public static Optional<String> blockDevice() {
        try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
            return devices.map(device -> Result.text(device.resolve("dev")).strip())
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // no sysfs, no disks that we know of
        }
    }
}
