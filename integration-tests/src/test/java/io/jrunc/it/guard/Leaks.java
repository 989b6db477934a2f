// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What this process has: descriptors, children, zombies among them, and what bears a name. */
record Leaks(String word, Path root, List<Path> cgroups, Collection<String> before) {
    private static final Path SELF = Path.of("/proc/self");
    private static final int ATTEMPTS = 300;
    private static final int PAUSE_MILLIS = 10;

    /** From now on everything that is more is a leak. */
    static Leaks from(String word, Path root) {
        return new Leaks(word, root, hierarchies(), look(word, root, hierarchies()));
    }

    /** What there is more, once processes had the time to end. */
    List<String> found() {
        List<String> found = more();
        for (int i = 0; i < ATTEMPTS && !found.isEmpty(); i++) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            found = more();
        }
        return found;
    }

    private List<String> more() {
        List<String> now = look(word, root, cgroups);
        before.forEach(now::remove); // once each: there may be two of a kind
        return now;
    }

    private static List<String> look(String word, Path root, List<Path> cgroups) {
        List<String> all = new ArrayList<>();
        names(SELF.resolve("fd")).forEach((number, file) -> describe(file).ifPresent(all::add));
        names(SELF.resolve("task"))
                .forEach((id, task) -> all.addAll(words("child", task.resolve("children"))));
        names(root).forEach((name, file) -> all.add("state " + name));
        for (Path hierarchy : cgroups) {
            names(hierarchy)
                    .forEach(
                            (name, file) -> {
                                if (name.contains(word)) {
                                    all.add("cgroup " + file);
                                }
                            });
        }
        for (String mount : lines(SELF.resolve("mountinfo"))) {
            if (mount.contains(word)) {
                all.add("mount " + mount);
            }
        }
        return all;
    }

    /** The directories that containers without a path of their own get their cgroups in. */
    private static List<Path> hierarchies() {
        List<Path> directories = new ArrayList<>();
        for (String mount : lines(SELF.resolve("mountinfo"))) {
            if (mount.contains(" - cgroup")) {
                directories.add(Path.of(mount.split(" ", -1)[4]));
            }
        }
        return directories;
    }

    private static TreeMap<String, Path> names(Path directory) {
        TreeMap<String, Path> names = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> names.put(file.getFileName().toString(), file));
        } catch (IOException e) {
            return names; // it is not there, or not any more
        }
        return names;
    }

    /** Names what a descriptor leads to; empty if it was open only to list them all. */
    private static Optional<String> describe(Path link) {
        try {
            return Optional.of("descriptor of " + Files.readSymbolicLink(link));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<String> words(String what, Path file) {
        List<String> words = new ArrayList<>();
        for (String line : lines(file)) {
            for (String word : line.strip().split(" ", -1)) {
                words.add(what + " " + word);
            }
        }
        return words;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (java.nio.file.NoSuchFileException e) {
            return List.of(); // a thread that has ended
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
