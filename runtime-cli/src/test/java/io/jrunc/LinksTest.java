// SPDX-License-Identifier: Apache-2.0
package io.jrunc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each relative link of a document leads to a file, and to a heading if it names one. */
class LinksTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> SKIPPED = Set.of("target", ".git", "node_modules");
    private static final Pattern CODE =
            Pattern.compile("^```.*?^```$|`[^`\n]*`", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]*)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final int LEAST_LINKS = 150;

    @Test
    void relativeLinksLeadSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        int seen = 0;
        for (Path document : documents(ROOT)) {
            Matcher link =
                    LINK.matcher(CODE.matcher(Files.readString(document)).replaceAll("code"));
            while (link.find()) {
                if (!link.group(1).matches("[a-z]+:.*")) {
                    seen++;
                    if (!leadsSomewhere(document, link.group(1))) {
                        dead.add(ROOT.relativize(document) + ": " + link.group(1));
                    }
                }
            }
        }

        assertEquals(List.of(), dead);
        assertTrue(seen > LEAST_LINKS, seen + " links");
    }

    /** A page that no contents lead to would not be found; those of docs are the site's as well. */
    @Test
    void contentsListEachDocument() throws IOException {
        for (Path contents :
                List.of(Path.of("docs"), Path.of("docs/recipes"), Path.of("docs/adr"))) {
            Path directory = ROOT.resolve(contents);
            Set<Path> listed = new HashSet<>();
            Matcher link = LINK.matcher(Files.readString(directory.resolve("README.md")));
            while (link.find()) {
                listed.add(directory.resolve(link.group(1)).normalize());
            }
            try (Stream<Path> entries = Files.list(directory)) {
                List<Path> missing =
                        entries.filter(entry -> entry.toString().endsWith(".md"))
                                .filter(entry -> !entry.endsWith("README.md"))
                                .filter(entry -> !listed.contains(entry))
                                .toList();
                assertEquals(List.of(), missing);
            }
        }
    }

    @Test
    void anchorsAreThoseOfTheHeadings() {
        assertEquals("what-jrunc-audit-finds", anchor("What `jrunc audit` finds"));
        assertEquals("linuxuidmappings", anchor("`linux.uidMappings`"));
        assertEquals("why--and-when-42", anchor("Why, — and when: 42?"));
    }

    private static boolean leadsSomewhere(Path document, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? document : document.resolveSibling(path).normalize();
        if (!target.startsWith(ROOT) || !Files.exists(target)) {
            return false;
        }
        return hash < 0 || anchors(Files.readString(target)).contains(link.substring(hash + 1));
    }

    private static Set<String> anchors(String document) {
        Set<String> anchors = new TreeSet<>();
        Matcher heading = HEADING.matcher(document);
        while (heading.find()) {
            anchors.add(anchor(heading.group(1)));
        }
        return anchors;
    }

    /** Returns the anchor that GitHub gives a heading; the documents have no other. */
    private static String anchor(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static List<Path> documents(Path directory) throws IOException {
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry)) {
                    if (!SKIPPED.contains(name)) {
                        documents.addAll(documents(entry));
                    }
                } else if (name.endsWith(".md")) {
                    documents.add(entry);
                }
            }
        }
        return documents;
    }
}
