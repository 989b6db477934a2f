// SPDX-License-Identifier: Apache-2.0
package io.jrunc.site;

import java.util.List;
import java.util.function.UnaryOperator;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

/** A document in Markdown: CommonMark with tables, and anchors of headings as on GitHub. */
record Document(Node root) {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer HTML = HtmlRenderer.builder().extensions(EXTENSIONS).build();
    private static final TextContentRenderer TEXT = TextContentRenderer.builder().build();

    static Document parse(String markdown) {
        return new Document(PARSER.parse(markdown));
    }

    /** Puts another destination in the place of each link's and image's. */
    void changeLinks(UnaryOperator<String> change) {
        root.accept(
                new AbstractVisitor() {
                    @Override
                    public void visit(Link link) {
                        link.setDestination(change.apply(link.getDestination()));
                        visitChildren(link);
                    }

                    @Override
                    public void visit(Image image) {
                        image.setDestination(change.apply(image.getDestination()));
                        visitChildren(image);
                    }
                });
    }

    /** Returns the first heading's text. */
    String title() {
        for (Node node = root.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading) {
                return text(node);
            }
        }
        throw new IllegalStateException("a document without a heading");
    }

    /** Returns what a node says, without markup. */
    static String text(Node node) {
        return TEXT.render(node).strip();
    }

    String html() {
        return HTML.render(root);
    }
}
