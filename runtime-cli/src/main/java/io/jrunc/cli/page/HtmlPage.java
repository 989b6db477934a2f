// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.page;

import io.jrunc.linux.OneLine;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A page of HTML that needs nothing else: no network, no script, no colour to be understood. All
 * text may be a stranger's.
 */
final class HtmlPage {
    private static final String STYLE =
            """
            :root { color-scheme: light dark; --line: #8886; --soft: #8882; --link: #0b57d0;
              --bad: #b3261e; --mark: #fbc02d55; }
            @media (prefers-color-scheme: dark) { :root { --link: #8ab4f8; --bad: #f2b8b5; } }
            body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem;
              padding: 1rem; }
            h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
            a { color: var(--link); }
            code, pre, .source { font: .875rem/1.5 ui-monospace, monospace; }
            code { overflow-wrap: anywhere; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; }
            th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem;
              text-align: left; vertical-align: top; }
            td + td { min-width: 8rem; }
            th { border-bottom-width: 2px; white-space: nowrap; }
            .box { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0;
              padding: .6rem .9rem; }
            .box > .box { background: var(--soft); }
            .tree ul { border-left: 1px solid var(--line); list-style: none; margin: 0;
              padding-left: 1.1rem; }
            .tree > ul { border: 0; padding: 0; }
            .chip { border: 1px solid var(--line); border-radius: .3rem; display: inline-block;
              margin: .1rem .2rem .1rem 0; padding: 0 .4rem; }
            .critical, .high { color: var(--bad); font-weight: 700; }
            .medium { font-weight: 700; }
            .where { white-space: nowrap; }
            .source { overflow-x: auto; padding: 0; }
            .source li { white-space: pre-wrap; overflow-wrap: anywhere; }
            .source li:target, .source li.marked { background: var(--mark); }
            .source li.marked::after { content: " \\25C4"; }
            .source ol { padding-left: 3.5rem; }
            @media (max-width: 45rem) {
              thead { position: absolute; left: -999rem; }
              tr { border-bottom: 2px solid var(--line); display: block; padding: .4rem 0; }
              td { border: 0; display: block; overflow-wrap: anywhere; padding: .1rem .3rem; }
              td[title]::before { content: attr(title) ": "; font-weight: 700; }
            }
            """;

    /** The members of the document that cause something. Source: runtime-spec config.md. */
    private static final Set<String> SECTIONS =
            Set.of(
                    "annotations",
                    "domainname",
                    "hooks",
                    "hostname",
                    "linux",
                    "mounts",
                    "ociVersion",
                    "process",
                    "root");

    private final StringBuilder html = new StringBuilder();

    HtmlPage(String title) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';");
        html.append(" style-src 'unsafe-inline'\">\n<title>").append(text(title));
        html.append("</title>\n<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n<h1>");
        html.append(text(title)).append("</h1>\n");
    }

    /** Returns text that is nothing but text, in an element and in an attribute. */
    static String text(String unsafe) {
        StringBuilder safe = new StringBuilder(unsafe.length());
        String clean = OneLine.clean(unsafe);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }

    static String code(String unsafe) {
        return "<code>" + text(unsafe) + "</code>";
    }

    static String chip(String unsafe) {
        return "<span class=\"chip\">" + code(unsafe) + "</span>";
    }

    /** Returns a link to a line of the document, for a field; other causes are text. */
    static String link(Optional<Document> document, String field) {
        if (!SECTIONS.contains(field.split("[.\\[]", 2)[0])) {
            return text(field);
        }
        if (document.isEmpty()) {
            return code(field);
        }
        int line = document.get().line(field);
        boolean isThere = document.get().positions().has(field);
        String words = isThere ? "line " : "absent; see line ";
        return code(field) + " <a class=\"where\" href=\"#L" + line + "\">" + words + line + "</a>";
    }

    void heading(String text) {
        html.append("<h2>").append(text(text)).append("</h2>\n");
    }

    void paragraph(String text) {
        html.append("<p>").append(text(text)).append("</p>\n");
    }

    /** Adds what is HTML already. */
    void raw(String made) {
        html.append(made);
    }

    /**
     * Adds a table.
     *
     * @param rows cells that are HTML already
     */
    void table(List<String> header, List<List<String>> rows) {
        html.append("<div class=\"wide\"><table>\n<thead><tr>");
        header.forEach(one -> html.append("<th scope=\"col\">").append(text(one)).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                html.append("<td title=\"").append(text(header.get(i))).append("\">");
                html.append(row.get(i)).append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table></div>\n");
    }

    /** Adds the document itself, with numbers that links lead to. */
    void source(Document document, Set<Integer> marked) {
        heading(document.name());
        html.append("<div class=\"source\"><ol>\n");
        int number = 0;
        for (String line : document.lines()) {
            number++;
            html.append("<li id=\"L").append(number).append('"');
            html.append(marked.contains(number) ? " class=\"marked\">" : ">");
            html.append(text(line.replace("\t", "    "))).append("</li>\n");
        }
        html.append("</ol></div>\n");
    }

    String end() {
        return html.append("</body>\n</html>\n").toString();
    }
}
