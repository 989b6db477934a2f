// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import io.jrunc.host.survey.Fact;
import io.jrunc.host.survey.Fact.Flag;
import io.jrunc.host.survey.Fact.Missing;
import io.jrunc.host.survey.Fact.Text;
import io.jrunc.host.survey.Fact.Words;
import io.jrunc.json.JsonText;
import io.jrunc.linux.OneLine;
import java.util.List;

/** What {@code info} prints. */
public record SurveyText(List<Fact> facts) {
    private static final int NAME_WIDTH = 20;

    public SurveyText {
        facts = List.copyOf(facts);
    }

    /** Returns a paragraph for each subject; what is missing follows what is there. */
    public String text() {
        StringBuilder text = new StringBuilder();
        String section = "";
        for (Fact fact : facts) {
            if (!fact.section().equals(section)) {
                text.append(section.isEmpty() ? "" : "\n").append(fact.section()).append('\n');
                section = fact.section();
            }
            append(text, fact);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Fact fact) {
        if (fact instanceof Missing lack) {
            text.append("  missing: ").append(lack.name()).append("\n    ");
            text.append(lack.consequence());
            text.append(lack.remedy().isEmpty() ? "" : "\n    remedy: " + lack.remedy());
            text.append('\n');
            return;
        }
        String name = fact.name().replace('_', ' ');
        String beginning = "  " + name + " ".repeat(Math.max(1, NAME_WIDTH - name.length()));
        if (fact instanceof Words words) {
            List<String> values = words.values().isEmpty() ? List.of("none") : words.values();
            Paragraph.append(text, beginning, values);
        } else if (fact instanceof Flag flag) {
            text.append(beginning).append(flag.value() ? "yes" : "no");
        } else if (fact instanceof Text one) {
            text.append(beginning).append(OneLine.of(one.value()));
        }
        text.append('\n');
    }

    /** Returns an object for each subject, and a list of what is missing. */
    public String json() {
        JsonText json = JsonText.indented("  ");
        json.beginObject();
        String section = "";
        for (Fact fact : facts) {
            if (fact instanceof Missing) {
                continue;
            }
            if (!fact.section().equals(section)) {
                if (!section.isEmpty()) {
                    json.endObject();
                }
                section = fact.section();
                json.beginObject(section);
            }
            member(json, fact);
        }
        json.endObject();
        json.beginList("missing");
        for (Fact fact : facts) {
            if (fact instanceof Missing lack) {
                json.beginObject();
                json.string("section", lack.section());
                json.string("name", lack.name());
                json.string("consequence", lack.consequence());
                json.string("remedy", lack.remedy());
                json.endObject();
            }
        }
        json.endList();
        json.endObject();
        return json + "\n";
    }

    private static void member(JsonText json, Fact fact) {
        if (fact instanceof Words words) {
            json.strings(fact.name(), words.values());
        } else if (fact instanceof Flag flag) {
            json.bool(fact.name(), flag.value());
        } else if (fact instanceof Text text) {
            json.string(fact.name(), text.value());
        }
    }
}
