// SPDX-License-Identifier: Apache-2.0
package io.jrunc.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All documents of a repository, and the pages that they become. */
final class Site {
    private static final String MARKDOWN = ".md";
    private static final String README = "README.md";
    private static final List<String> DIRECTORIES = List.of("docs", "benchmarks", "examples");
    private static final Set<String> BUILT = Set.of("target");
    private static final Path CONTENTS = Path.of("docs", README);
    private static final String STYLE = "site.css";

    private final Path repository;
    private final Map<Path, Document> documents;

    private Site(Path repository, Map<Path, Document> documents) {
        this.repository = repository;
        this.documents = documents;
    }

    /** Reads the documents of a repository: those at its root, and below some directories. */
    static Site of(Path repository) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(repository)) {
            entries.filter(Files::isRegularFile).forEach(files::add);
        }
        for (String directory : DIRECTORIES) {
            try (Stream<Path> entries = Files.walk(repository.resolve(directory))) {
                entries.filter(Files::isRegularFile).forEach(files::add);
            }
        }
        Map<Path, Document> documents = new TreeMap<>();
        for (Path file : files) {
            Path path = repository.relativize(file);
            boolean isBuilt = Stream.of(path.toString().split("/", -1)).anyMatch(BUILT::contains);
            if (path.toString().endsWith(MARKDOWN) && !isBuilt) {
                documents.put(path, Document.parse(Files.readString(file)));
            }
        }
        return new Site(repository, documents);
    }

    /** Writes all pages, and the files of the repository to which they have links. */
    void write(Path directory) throws IOException {
        Contents contents = Contents.of(CONTENTS, document(CONTENTS));
        Set<Path> files = new TreeSet<>();
        for (Map.Entry<Path, Document> one : documents.entrySet()) {
            Path source = one.getKey();
            one.getValue().changeLinks(link -> changed(source, link, files));
        }
        for (Map.Entry<Path, Document> one : documents.entrySet()) {
            Path page = pageOf(one.getKey());
            Path target = directory.resolve(page);
            Files.createDirectories(target.getParent());
            Files.writeString(target, Page.html(page, one.getValue(), contents, Path.of(STYLE)));
        }
        for (Path file : files) {
            Path target = directory.resolve(file);
            Files.createDirectories(target.getParent());
            Files.copy(repository.resolve(file), target, StandardCopyOption.REPLACE_EXISTING);
        }
        try (InputStream style = Site.class.getResourceAsStream(STYLE)) {
            if (style == null) {
                throw new IllegalStateException(STYLE + " is missing");
            }
            Files.copy(style, directory.resolve(STYLE), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Document document(Path path) {
        Document document = documents.get(path);
        if (document == null) {
            throw new IllegalStateException(path + " is missing");
        }
        return document;
    }

    /** Returns the link of a page for the link of a document. */
    private String changed(Path source, String link, Set<Path> files) {
        if (link.matches("[a-z]+:.*") || link.startsWith("#")) {
            return link;
        }
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        String anchor = hash < 0 ? "" : link.substring(hash);
        Path target = source.resolveSibling(path).normalize();
        Path readme = target.resolve(README);
        if (documents.containsKey(target) || documents.containsKey(readme)) {
            Path page = pageOf(documents.containsKey(target) ? target : readme);
            return Page.relative(pageOf(source), page) + anchor;
        }
        if (Files.isRegularFile(repository.resolve(target)) && !target.startsWith("..")) {
            files.add(target);
        }
        return link; // if it leads nowhere, it is found when all is written
    }

    /** Returns where the page of a document is. */
    static Path pageOf(Path document) {
        String name = document.getFileName().toString();
        String page = name.equals(README) ? "index" : name.substring(0, name.lastIndexOf('.'));
        return document.resolveSibling(page + ".html");
    }
}
