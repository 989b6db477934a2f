// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.page;

import io.jrunc.cli.output.AuditReport;
import io.jrunc.confinement.audit.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The findings of an audit as a page of HTML, with the lines that cause them. */
public final class AuditPage {
    private AuditPage() {}

    /**
     * Returns the page.
     *
     * @param subject what was judged
     * @param document the specification; absent for a container, whose bundle may have changed
     */
    public static String of(AuditReport report, String subject, Optional<Document> document) {
        HtmlPage page = new HtmlPage("Audit of " + subject);
        page.paragraph(report.summary());
        if (!report.mended().isEmpty()) {
            page.heading("Mended");
            page.table(List.of("Field", "What it was"), mended(report));
        }
        Set<Integer> marked = new TreeSet<>();
        if (!report.findings().isEmpty()) {
            page.heading("Findings");
            List<List<String>> rows = new ArrayList<>();
            for (Finding one : report.findings()) {
                document.ifPresent(known -> marked.add(known.line(one.field())));
                rows.add(row(one, document));
            }
            page.table(List.of("Severity", "Field", "Problem", "Remedy"), rows);
        }
        document.ifPresent(known -> page.source(known, marked));
        return page.end();
    }

    private static List<List<String>> mended(AuditReport report) {
        List<List<String>> rows = new ArrayList<>();
        for (Finding one : report.mended()) {
            rows.add(List.of(HtmlPage.code(one.field()), HtmlPage.text(one.problem())));
        }
        return rows;
    }

    private static List<String> row(Finding one, Optional<Document> document) {
        String word = one.severity().word();
        return List.of(
                "<span class=\"" + word + "\">" + word + "</span>",
                HtmlPage.link(document, one.field()),
                HtmlPage.text(one.problem())
                        + "<br>An attacker "
                        + HtmlPage.text(one.type().consequence())
                        + ". "
                        + HtmlPage.code(one.id()),
                HtmlPage.text(one.type().remedy()) + (one.isFixable() ? " (--fix does)" : ""));
    }
}
