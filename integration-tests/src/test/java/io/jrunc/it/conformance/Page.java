// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.conformance;

import java.util.List;

/** The page for people, in Markdown. */
final class Page {
    private static final String SPECIFICATION =
            "https://github.com/opencontainers/runtime-spec/blob/v1.3.0/";

    private static final String INTRODUCTION =
            """
            # Conformance to the OCI runtime specification 1.3, field by field

            This page is generated: by `ConformanceTest`, from the table in
            `integration-tests/src/test/resources/conformance`, from the system calls that `jrunc explain` finds for an
            example of each field, and from what the integration tests say that they show. The build fails if it is out of date
            (`-Dgolden.update=true` writes it anew), if a field that jrunc reads is missing here, or if a field has no
            test of its effect on a real container. That bad values are refused is tested for every field by `RefusalIT`, with
            the example given here.

            *By* names the calls that a container makes with the field and not without it, on cgroup v2 and on v1; calls that only
            look or open are left out.

            """;

    private final ShownFields shown;
    private final StringBuilder text = new StringBuilder(INTRODUCTION);

    private Page(ShownFields shown) {
        this.shown = shown;
    }

    static String of(List<Table.Part> parts, ShownFields shown) {
        Page page = new Page(shown);
        for (Table.Part part : parts) {
            page.text.append("## ").append(part.name()).append("\n\n");
            part.entries().forEach(page::entry);
        }
        return page.text.toString();
    }

    private void entry(Entry entry) {
        text.append("### `").append(entry.field()).append("`\n\n");
        text.append(entry.does()).append(". [").append(entry.section()).append("](");
        text.append(SPECIFICATION).append(entry.section()).append(")\n\n");
        List<String> calls = entry.refused().isEmpty() ? CausedCalls.of(entry) : List.of();
        if (!calls.isEmpty()) {
            item("By", "`" + String.join("`, `", calls) + "`");
        }
        List<String> tests = entry.values().isEmpty() ? shown.of(entry.field()) : List.of();
        item("Shown by", tests.isEmpty() ? entry.unseen() : names(tests));
        if (entry.refused().isEmpty()) {
            item("Refused", entry.harmless().isEmpty() ? bad(entry) : entry.harmless());
        } else {
            item("Not carried out", entry.refused());
        }
        if (!entry.departs().isEmpty()) {
            item("Unlike runc", entry.departs());
        }
        text.append('\n');
        values(entry);
    }

    private void item(String name, String content) {
        if (!content.isEmpty()) {
            text.append("- ").append(name).append(": ").append(content).append('\n');
        }
    }

    private static String bad(Entry entry) {
        StringBuilder bad = new StringBuilder();
        entry.bad()
                .forEach(
                        (pointer, value) -> {
                            bad.append(bad.isEmpty() ? "`" : ", `").append(pointer);
                            bad.append(": ").append(value).append('`');
                        });
        return bad + " — “" + entry.says() + "”";
    }

    private static String names(List<String> tests) {
        return tests.isEmpty() ? "" : "`" + String.join("`, `", tests) + "`";
    }

    private void values(Entry entry) {
        if (entry.values().isEmpty()) {
            return;
        }
        text.append("| value | does | shown by |\n|---|---|---|\n");
        entry.values()
                .forEach(
                        (value, does) -> {
                            text.append("| `").append(value).append("` | ").append(does);
                            List<String> tests = shown.ofValue(entry.field(), value);
                            text.append(" | ").append(names(tests)).append(" |\n");
                        });
        text.append('\n');
    }
}
