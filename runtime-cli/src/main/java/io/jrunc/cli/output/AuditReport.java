// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import io.jrunc.confinement.audit.Finding;
import io.jrunc.confinement.audit.Severity;
import io.jrunc.json.JsonText;
import java.util.ArrayList;
import java.util.List;

/**
 * What an audit prints.
 *
 * @param findings the worst first
 * @param mended those of before {@code --fix} that it did something about
 */
public record AuditReport(List<Finding> findings, List<Finding> mended) {
    public AuditReport {
        findings = List.copyOf(findings);
        mended = List.copyOf(mended);
    }

    public boolean hasAtLeast(Severity severity) {
        return findings.stream().anyMatch(finding -> finding.severity().isAtLeast(severity));
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        for (Finding one : mended) {
            text.append("mended    ").append(one.field()).append(": ").append(one.problem());
            text.append("  [").append(one.id()).append("]\n");
        }
        text.append(mended.isEmpty() ? "" : "\n");
        for (Finding one : findings) {
            String word = one.severity().word();
            text.append(word).append(" ".repeat(10 - word.length()));
            text.append(one.field()).append(": ").append(one.problem());
            text.append("  [").append(one.id()).append("]\n");
            text.append("          an attacker ").append(one.type().consequence());
            text.append("\n          remedy: ").append(one.type().remedy());
            text.append(one.isFixable() ? " (--fix does)" : "").append("\n\n");
        }
        return text.append(summary()).append('\n').toString();
    }

    /** Returns how many findings there are of each severity. */
    public String summary() {
        List<String> counts = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            long count = count(severity);
            if (count > 0) {
                counts.add(count + " " + severity.word());
            }
        }
        return counts.isEmpty() ? "nothing found" : String.join(", ", counts);
    }

    private long count(Severity severity) {
        return findings.stream().filter(finding -> finding.severity() == severity).count();
    }

    public String json() {
        JsonText json = JsonText.indented("  ");
        json.beginObject();
        json.beginObject("counts");
        for (Severity severity : Severity.values()) {
            json.number(severity.word(), count(severity));
        }
        json.endObject();
        list(json, "findings", findings);
        list(json, "mended", mended);
        json.endObject();
        return json + "\n";
    }

    private static void list(JsonText json, String name, List<Finding> findings) {
        json.beginList(name);
        for (Finding one : findings) {
            json.beginObject();
            json.string("id", one.id());
            json.string("severity", one.severity().word());
            json.string("field", one.field());
            json.string("problem", one.problem());
            json.string("consequence", one.type().consequence());
            json.string("remedy", one.type().remedy());
            json.bool("fixable", one.isFixable());
            json.endObject();
        }
        json.endList();
    }
}
