// SPDX-License-Identifier: Apache-2.0
package io.jrunc.site;

import java.nio.file.Path;

/** What surrounds a document to make it a page: head, table of contents, frame. */
final class Page {
    private Page() {}

    /**
     * Returns a page.
     *
     * @param page its path within the site, as that of the style sheet
     */
    static String html(Path page, Document document, Contents contents, Path style) {
        String title = document.title();
        return String.format(
                """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <link rel="stylesheet" href="%s">
                </head>
                <body>
                <header><a href="%s">jrunc</a></header>
                <main>
                %s</main>
                <nav aria-label="Contents">
                %s</nav>
                </body>
                </html>
                """,
                escaped(title.equals("jrunc") ? title : title + " – jrunc"),
                relative(page, style),
                relative(page, Path.of("docs", "index.html")),
                document.html(),
                navigation(page, contents));
    }

    private static String navigation(Path page, Contents contents) {
        StringBuilder text = new StringBuilder();
        for (Contents.Section section : contents.sections()) {
            text.append("<h2>").append(escaped(section.title())).append("</h2>\n<ul>\n");
            for (Contents.Entry entry : section.entries()) {
                Path target = Site.pageOf(entry.document());
                text.append("<li><a href=\"").append(relative(page, target)).append('"');
                text.append(target.equals(page) ? " aria-current=\"page\">" : ">");
                text.append(escaped(entry.title())).append("</a></li>\n");
            }
            text.append("</ul>\n");
        }
        return text.toString();
    }

    /** Returns the link from one page to another. */
    static String relative(Path from, Path to) {
        Path directory = from.getParent();
        return directory == null ? to.toString() : directory.relativize(to).toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
