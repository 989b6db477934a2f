// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.jrunc.cli.output.AuditReport;
import io.jrunc.confinement.audit.Audit;
import io.jrunc.confinement.audit.AuditTarget;
import io.jrunc.confinement.audit.Finding;
import io.jrunc.confinement.audit.HostSecurity;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.spec.json.SpecReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Pages about an ordinary bundle, which are golden, and about one whose every text is hostile. */
class PagesTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "pages");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Ends elements, attributes, strings, comments and lines, and turns the direction of text. */
    private static final String HOSTILE =
            "</code></style>-->\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;\\\n\r\t"
                    + "\u0000\u001b[2J\u009b\u2028\u202e\u2066\\";

    private static final Set<String> ELEMENTS =
            Set.of(
                    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div",
                    "table", "thead", "tbody", "tr", "th", "td", "code", "span", "a", "br", "ol",
                    "ul", "li", "strong");
    private static final Set<String> ATTRIBUTES =
            Set.of(
                    "lang",
                    "charset",
                    "name",
                    "content",
                    "http-equiv",
                    "class",
                    "href",
                    "id",
                    "scope",
                    "title");

    private static byte[] ordinary() throws IOException {
        return Files.readAllBytes(GOLDEN.resolve("config.json"));
    }

    /** Returns the ordinary bundle with each text replaced that may be any. */
    private static byte[] hostile() throws IOException {
        String quoted = JSON.writeValueAsString(HOSTILE);
        String inner = quoted.substring(1, quoted.length() - 1);
        String text = new String(ordinary(), StandardCharsets.UTF_8).replace("@", inner);
        assertTrue(JSON.readTree(text).toString().contains("<script>"));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Finding> findings(byte[] json) {
        HostSecurity host = new HostSecurity(false, true, Set.of("memory", "pids"));
        return new Audit(LocalKernel.get())
                .judge(AuditTarget.ofBundle(SpecReader.read(json), "/no-such-bundle", host));
    }

    private static List<ExplainedStep> steps(String text) {
        return List.of(
                new ExplainedStep(
                        "runtime", "create cgroup /" + text, "linux.cgroupsPath", List.of()),
                new ExplainedStep("init", "mount " + text, "mounts[0]", List.of("call(" + text)),
                new ExplainedStep("init", "begin", "always", List.of()));
    }

    private static String explained(byte[] json, String text) {
        return new ExplainPage(
                        Document.of(text + "config.json", json),
                        SpecReader.read(json),
                        steps(text),
                        Set.of("CAP_KILL", "CAP_SYS_ADMIN"))
                .text(true);
    }

    private static String audited(byte[] json, String text) {
        List<Finding> findings = findings(json);
        return AuditPage.of(
                new AuditReport(findings, findings.subList(0, 1)),
                text + "config.json",
                Optional.of(Document.of(text + "config.json", json)));
    }

    private static String graph(byte[] json, String text) {
        return new ExplainGraph(
                        Document.of("config.json", json), SpecReader.read(json), steps(text))
                .text();
    }

    private static String sarif(byte[] json, String file) {
        return new Sarif("1.2.3", file, Optional.of(Document.of(file, json)), findings(json))
                .text();
    }

    private static void assertGolden(String name, String actual) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, actual);
        }
        assertEquals(Files.readString(file), actual);
    }

    @Test
    void pagesOfAnOrdinaryBundle() throws IOException {
        assertGolden("explain.html", explained(ordinary(), ""));
        assertGolden("explain.dot", graph(ordinary(), ""));
        assertGolden("audit.html", audited(ordinary(), ""));
        assertGolden("audit.sarif", sarif(ordinary(), "config.json"));
    }

    @Test
    void pagesAreWellFormedAndLinksLeadSomewhere() throws Exception {
        check(explained(ordinary(), ""));
        check(audited(ordinary(), ""));
    }

    @Test
    void textOfAHostileBundleIsNothingButText() throws Exception {
        check(explained(hostile(), HOSTILE));
        check(audited(hostile(), HOSTILE));
    }

    /** The pages are XML but for the elements that HTML leaves open. */
    private static void check(String page) throws Exception {
        String xml = page.replace("<!DOCTYPE html>", "").replaceAll("<(meta [^>]*|br)>", "<$1/>");
        assertFalse(xml.codePoints().anyMatch(PagesTest::isHarmful), page);
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        NodeList all =
                builder.parse(new InputSource(new StringReader(xml))).getElementsByTagName("*");
        Set<String> ids = new TreeSet<>();
        Set<String> targets = new TreeSet<>();
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            assertTrue(ELEMENTS.contains(element.getTagName()), element::getTagName);
            for (int at = 0; at < element.getAttributes().getLength(); at++) {
                String name = element.getAttributes().item(at).getNodeName();
                assertTrue(ATTRIBUTES.contains(name), name);
            }
            ids.add(element.getAttribute("id"));
            String href = element.getAttribute("href");
            if (!href.isEmpty()) {
                assertEquals('#', href.charAt(0), href);
                targets.add(href.substring(1));
            }
        }
        assertFalse(targets.isEmpty());
        assertTrue(ids.containsAll(targets), () -> targets + " in " + ids);
    }

    private static boolean isHarmful(int c) {
        return Character.isISOControl(c) && c != '\n'
                || c >= 0x2028 && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069;
    }

    @Test
    void labelOfAGraphEndsWhereItShould() throws IOException {
        String graph = graph(hostile(), HOSTILE);

        for (String line : graph.lines().toList()) {
            boolean isFrame = line.matches("digraph container \\{|\\}|  graph .*|  node \\[.*");
            String statement =
                    "  \\w+( -> \\w+)? \\[label=\"([^\"\\\\\\p{Cntrl}\u2028-\u202e]|\\\\.)*\"\\];";
            assertTrue(isFrame || line.matches(statement), line);
        }
    }

    private static Set<String> faults(String document) throws IOException {
        try (InputStream schema =
                PagesTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
            JsonSchema sarif =
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
            Set<String> faults = new TreeSet<>();
            sarif.validate(JSON.readTree(document)).forEach(one -> faults.add(one.toString()));
            return faults;
        }
    }

    @Test
    void sarifIsValid() throws IOException {
        assertEquals(Set.of(), faults(sarif(ordinary(), "config.json")));
        assertEquals(Set.of(), faults(sarif(hostile(), HOSTILE)));
        assertEquals(
                Set.of(),
                faults(new Sarif("1", "/b/config.json", Optional.empty(), List.of()).text()));
    }

    /** So the test above can fail. */
    @Test
    void sarifWithAMistakeIsNotValid() throws IOException {
        String document = sarif(ordinary(), "config.json");

        assertFalse(faults(document.replace("\"error\"", "\"worse\"")).isEmpty());
        assertFalse(faults(document.replace("\"startLine\"", "\"line\"")).isEmpty());
    }

    @Test
    void sarifNamesTheLineOfAFinding() throws IOException {
        JsonNode results =
                JSON.readTree(sarif(ordinary(), "dir/config.json")).at("/runs/0/results");
        List<String> lines = new String(ordinary(), StandardCharsets.UTF_8).lines().toList();

        int seen = 0;
        for (JsonNode result : results) {
            JsonNode place = result.at("/locations/0/physicalLocation");
            assertEquals("dir/config.json", place.at("/artifactLocation/uri").asText());
            if (result.at("/locations/0/logicalLocations/0/fullyQualifiedName")
                    .asText()
                    .equals("process.user.uid")) {
                seen++;
                assertTrue(
                        lines.get(place.at("/region/startLine").asInt() - 1).contains("\"uid\""));
            }
        }
        assertEquals(1, seen, results::toString);
    }

    @Test
    void pathIsAReference() {
        assertEquals("config.json", Sarif.uri("config.json"));
        assertEquals("a%20b/config.json", Sarif.uri("a b/config.json"));
        assertEquals("./c:/config.json", Sarif.uri("c:/config.json"));
        assertEquals("file:///b/%C3%A4.json", Sarif.uri("/b/\u00e4.json"));
    }
}
