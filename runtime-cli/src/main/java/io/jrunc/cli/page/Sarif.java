// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.page;

import io.jrunc.confinement.audit.Finding;
import io.jrunc.confinement.audit.FindingType;
import io.jrunc.confinement.audit.Severity;
import io.jrunc.json.JsonText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Findings in the format of services that scan code, which show them beside the lines. Source:
 * SARIF 2.1.0, OASIS.
 *
 * @param file the specification, as the caller names it
 * @param document its lines; absent for a container, whose bundle may have changed
 */
public record Sarif(
        String version, String file, Optional<Document> document, List<Finding> findings) {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                    + "sarif-schema-2.1.0.json";

    public Sarif {
        findings = List.copyOf(findings);
    }

    /** Returns the log. */
    public String text() {
        List<FindingType> rules = rules();
        JsonText json = JsonText.indented("  ");
        json.beginObject();
        json.string("$schema", SCHEMA);
        json.string("version", "2.1.0");
        json.beginList("runs");
        json.beginObject();
        json.beginObject("tool");
        json.beginObject("driver");
        json.string("name", "jrunc audit");
        json.string("version", version);
        json.beginList("rules");
        rules.forEach(rule -> rule(json, rule));
        json.endList();
        json.endObject();
        json.endObject();
        json.beginList("results");
        findings.forEach(finding -> result(json, finding, rules.indexOf(finding.type())));
        json.endList();
        json.endObject();
        json.endList();
        json.endObject();
        return json + "\n";
    }

    private List<FindingType> rules() {
        List<FindingType> rules = new ArrayList<>();
        for (Finding finding : findings) {
            if (!rules.contains(finding.type())) {
                rules.add(finding.type());
            }
        }
        return rules;
    }

    private static void rule(JsonText json, FindingType type) {
        json.beginObject();
        json.string("id", type.id());
        text(json, "shortDescription", "An attacker " + type.consequence() + ".");
        text(json, "help", "Remedy: " + type.remedy() + ".");
        json.beginObject("defaultConfiguration");
        json.string("level", level(type.severity()));
        json.endObject();
        json.beginObject("properties");
        json.strings("tags", List.of("security"));
        json.string("security-severity", score(type.severity()));
        json.endObject();
        json.endObject();
    }

    private static void text(JsonText json, String name, String text) {
        json.beginObject(name);
        json.string("text", text);
        json.endObject();
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH -> "error";
            case MEDIUM -> "warning";
            case LOW, INFO -> "note";
        };
    }

    /**
     * What GitHub shows as critical, high, medium and low; the numbers are in the middle of each.
     */
    private static String score(Severity severity) {
        return switch (severity) {
            case CRITICAL -> "9.5";
            case HIGH -> "8.0";
            case MEDIUM -> "5.5";
            case LOW -> "2.0";
            case INFO -> "0.0";
        };
    }

    private void result(JsonText json, Finding finding, int rule) {
        json.beginObject();
        json.string("ruleId", finding.id());
        json.number("ruleIndex", rule);
        json.string("level", level(finding.severity()));
        text(json, "message", finding.field() + ": " + finding.problem());
        json.beginList("locations");
        json.beginObject();
        json.beginObject("physicalLocation");
        json.beginObject("artifactLocation");
        json.string("uri", uri(file));
        json.endObject();
        if (document.isPresent()) {
            json.beginObject("region");
            json.number("startLine", document.get().line(finding.field()));
            json.endObject();
        }
        json.endObject();
        json.beginList("logicalLocations");
        json.beginObject();
        json.string("fullyQualifiedName", finding.field());
        json.endObject();
        json.endList();
        json.endObject();
        json.endList();
        json.endObject();
    }

    /** Returns a reference that is relative if the path is. RFC 3986. */
    static String uri(String path) {
        try {
            if (path.startsWith("/")) {
                return new URI("file", "", path, null).toASCIIString();
            }
            // The first name of a relative reference must not look like a scheme.
            String relative = path.indexOf(':') < 0 ? path : "./" + path;
            return new URI(null, null, relative, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(path, e);
        }
    }
}
