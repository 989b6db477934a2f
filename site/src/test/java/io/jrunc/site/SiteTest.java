// SPDX-License-Identifier: Apache-2.0
package io.jrunc.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    @TempDir Path directory;

    /** Makes a repository of the documents that a site needs, and one more. */
    private Path repository(String document) throws IOException {
        Path repository = directory.resolve("repository");
        for (String name : List.of("docs", "benchmarks", "examples")) {
            Files.createDirectories(repository.resolve(name));
        }
        Files.writeString(repository.resolve("README.md"), "# Root\n");
        Files.writeString(
                repository.resolve("docs/README.md"), "# All\n\n## Start\n\n- [one](one.md)\n");
        Files.writeString(repository.resolve("docs/one.md"), document);
        return repository;
    }

    private String page(String document) throws IOException {
        Site.of(repository(document)).write(directory.resolve("site"));
        return Files.readString(directory.resolve("site/docs/one.html"));
    }

    @Test
    void documentsOfThisRepositoryHaveNoDeadLink() throws IOException {
        Site.of(REPOSITORY).write(directory);

        assertEquals(List.of(), DeadLinks.in(directory));
        String start = Files.readString(directory.resolve("docs/index.html"));
        assertTrue(start.contains("<a href=\"recipes/index.html\">"), start);
        assertFalse(start.contains(".md\""), start);
    }

    @Test
    void pageHasTitleTablesAnchorsAndContents() throws IOException {
        String page = page("# One & two\n\n## `a.b` c\n\n| x |\n|---|\n| y |\n");

        assertTrue(page.contains("<title>One &amp; two – jrunc</title>"), page);
        assertTrue(page.contains("<h2 id=\"ab-c\">"), page);
        assertTrue(page.contains("<td>y</td>"), page);
        assertTrue(page.contains("<a href=\"one.html\" aria-current=\"page\">One</a>"), page);
    }

    @Test
    void linksLeadToPagesAndFiles() throws IOException {
        String page = page("# A\n\n[r](../README.md#root) [d](../docs) [f](../file.txt)\n");

        assertTrue(page.contains("href=\"../index.html#root\""), page);
        assertTrue(page.contains("href=\"index.html\""), page);
        assertEquals(
                List.of("docs/one.html: ../file.txt"), DeadLinks.in(directory.resolve("site")));
    }

    @Test
    void deadLinksAreFound() throws IOException {
        page("# A\n\n[a](none.md) [b](#none) [c](../README.md#none) [d](../../etc/hosts)\n");

        assertEquals(4, DeadLinks.in(directory.resolve("site")).size());
    }
}
