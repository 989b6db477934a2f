// SPDX-License-Identifier: Apache-2.0
package io.jrunc.site;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;

/**
 * The table of contents beside each page: the headings of one document, with the links below them.
 */
record Contents(List<Section> sections) {
    private static final int SECTION = 2;

    /** A part of the documents. */
    record Section(String title, List<Entry> entries) {}

    /**
     * A link to a page.
     *
     * @param document relative to the repository
     */
    record Entry(String title, Path document) {}

    /** Reads the contents; links to places within a page, or to other sites, are left out. */
    static Contents of(Path path, Document document) {
        List<Section> sections = new ArrayList<>();
        document.root()
                .accept(
                        new AbstractVisitor() {
                            @Override
                            public void visit(Heading heading) {
                                if (heading.getLevel() == SECTION) {
                                    String title = Document.text(heading);
                                    sections.add(new Section(title, new ArrayList<>()));
                                }
                            }

                            @Override
                            public void visit(Link link) {
                                String target = link.getDestination();
                                if (!sections.isEmpty() && target.matches("[^:#]+\\.md")) {
                                    Path to = path.resolveSibling(target).normalize();
                                    Entry entry = new Entry(entryTitle(link), to);
                                    sections.get(sections.size() - 1).entries().add(entry);
                                }
                            }
                        });
        return new Contents(List.copyOf(sections));
    }

    private static String entryTitle(Link link) {
        String text = linkText(link);
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String linkText(Link link) {
        StringBuilder text = new StringBuilder();
        for (var child = link.getFirstChild(); child != null; child = child.getNext()) {
            text.append(Document.text(child));
        }
        return text.toString();
    }
}
