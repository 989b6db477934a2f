// SPDX-License-Identifier: Apache-2.0
package io.jrunc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Sources, documents and messages use plain words. {@code plain-words/banned} lists phrases that
 * are hard to understand, {@code plain-words/allowed} the places that need one of them, each with
 * its reason.
 */
class PlainWordsTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Set<String> SKIPPED_DIRECTORIES = Set.of(".git", ".idea", "target");
    private static final Set<String> BINARY = Set.of("jar", "jsa", "so", "png");
    private static final int MAX_BYTES = 1 << 20;

    private record Banned(Pattern phrase, String instead) {}

    private record Allowed(String path, String text) {}

    private final List<Banned> banned = new ArrayList<>();
    private final List<Allowed> allowed = new ArrayList<>();
    private final Set<Allowed> used = new HashSet<>();

    PlainWordsTest() throws IOException {
        for (String line : list("banned")) {
            String[] parts = line.split(" => ", 2);
            banned.add(new Banned(Pattern.compile(parts[0]), parts[1]));
        }
        for (String line : list("allowed")) {
            String[] parts = line.split(" : ", 3);
            allowed.add(new Allowed(parts[0], parts[1]));
        }
    }

    private static List<String> list(String name) throws IOException {
        try (InputStream in = PlainWordsTest.class.getResourceAsStream("/plain-words/" + name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).toList();
        }
    }

    @Test
    void noBannedPhraseIsUsedAndEveryExceptionIsNeeded() throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path file : files()) {
            String path = REPOSITORY.relativize(file).toString();
            int number = 0;
            for (String line :
                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
                number++;
                check(path, number, line, found);
            }
        }

        assertEquals("", String.join("\n", found));
        allowed.removeAll(used);
        assertEquals(List.of(), allowed, "exceptions that nothing needs");
    }

    /** Each entry finds something; otherwise a mistake in it would go unnoticed. */
    @Test
    void examplesAreFound() {
        Set<String> found = new TreeSet<>();
        check("example", 1, "the process is told of its end, and whoever waits hears of it", found);
        check("example", 2, "void whoWaitsIsTold()", found);
        check(
                "example",
                3,
                "nobody, somebody, anyone and no one; a newcomer is passed over",
                found);

        assertEquals(12, found.size(), found::toString);
        assertTrue(
                found.contains("example:1: \"whoever\": name the process, file or user that acts"));
    }

    private void check(String path, int number, String line, Set<String> found) {
        for (Banned one : banned) {
            var matcher = one.phrase.matcher(line);
            while (matcher.find()) {
                if (!isAllowed(path, line)) {
                    String text = matcher.group();
                    found.add(path + ":" + number + ": \"" + text + "\": " + one.instead);
                }
            }
        }
    }

    private boolean isAllowed(String path, String line) {
        boolean any = false;
        for (Allowed one : allowed) {
            if (path.startsWith(one.path) && (one.text.equals("*") || line.contains(one.text))) {
                used.add(one);
                any = true;
            }
        }
        return any;
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                REPOSITORY,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes is) {
                        boolean skipped = SKIPPED_DIRECTORIES.contains(at.getFileName().toString());
                        return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
                        String name = file.getFileName().toString();
                        String end = name.substring(name.lastIndexOf('.') + 1);
                        if (is.isRegularFile() && is.size() < MAX_BYTES && !BINARY.contains(end)) {
                            files.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }
}
