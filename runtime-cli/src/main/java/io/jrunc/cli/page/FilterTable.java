// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.page;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.explain.FilterText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a filter decides about which calls, and the rules behind it. */
record FilterTable(Document document, Seccomp filter) {
    private static final String FIELD = "linux.seccomp";

    void addTo(HtmlPage page) {
        if (filter.bpfData().isPresent()) {
            page.paragraph("A compiled filter, which an annotation names.");
            return;
        }
        for (FilterText.Section section : FilterText.of(filter, Architecture.ofThisMachine())) {
            List<List<String>> rows = new ArrayList<>();
            for (FilterText.Group group : section.groups()) {
                boolean isNamed = !group.calls().isEmpty();
                String calls =
                        isNamed
                                ? String.join(" ", group.calls())
                                : "numbers without a name: " + String.join(" ", group.numbers());
                StringBuilder code = new StringBuilder();
                group.code().forEach(line -> code.append(HtmlPage.code(line)).append("<br>"));
                rows.add(List.of(HtmlPage.code(calls), code.toString(), causes(group.calls())));
            }
            page.paragraph(section.architecture().specName());
            page.table(List.of("Calls", "Decision", "Cause"), rows);
        }
        page.paragraph("Any other architecture: the thread is killed.");
    }

    /** Returns the rules that name one of the calls; without any, the default action decides. */
    private String causes(List<String> calls) {
        StringBuilder causes = new StringBuilder();
        List<SyscallRule> rules = filter.syscalls();
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).names().stream().anyMatch(calls::contains)) {
                causes.append(link(FIELD + ".syscalls[" + i + "]")).append("<br>");
            }
        }
        return causes.isEmpty() ? link(FIELD + ".defaultAction") : causes.toString();
    }

    private String link(String field) {
        return HtmlPage.link(Optional.of(document), field);
    }
}
