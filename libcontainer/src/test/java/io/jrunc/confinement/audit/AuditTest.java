// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.json.SpecDocument;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.spec.template.HardenedSpec;
import io.jrunc.validate.HostFacts;
import io.jrunc.validate.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each weakness alone, in a document that has no other. */
class AuditTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> LIMITS = Set.of("memory", "pids", "cpu");
    private static final HostSecurity PLAIN = new HostSecurity(false, false, LIMITS);
    private static final HostFacts FACTS = new HostFacts(true, false, false, true, false, 40);

    @TempDir Path bundle;
    private final Audit audit = new Audit(LocalKernel.get());

    @BeforeEach
    void makeRoot() throws IOException {
        Files.createDirectory(bundle.resolve("rootfs"));
    }

    static List<Case> cases() {
        return Cases.all();
    }

    /**
     * A weakness, and what brings it about.
     *
     * @param edits a JSON pointer, a blank, and the value there; {@code /-} appends; no value
     *     removes
     */
    record Case(String id, List<String> edits) {
        static Case of(String id, String... edits) {
            return new Case(id, List.of(edits));
        }

        @Override
        public String toString() {
            return id + " " + edits;
        }
    }

    private static ObjectNode hardened() {
        IdMapping ids = new IdMapping(0, 1_000_000, 65536);
        String json =
                SpecWriter.pretty(new HardenedSpec(List.of(ids), List.of(ids), LIMITS).spec());
        return (ObjectNode) tree(json);
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] edited(List<String> edits) {
        ObjectNode config = hardened();
        for (String edit : edits) {
            String[] parts = edit.split(" ", 2);
            JsonPointer pointer = JsonPointer.compile(parts[0]);
            JsonNode holder = config.at(pointer.head());
            String name = pointer.last().getMatchingProperty();
            if (holder instanceof ArrayNode list) {
                list.add(tree(parts[1]));
            } else if (parts.length == 1) {
                ((ObjectNode) holder).remove(name);
            } else {
                ((ObjectNode) holder).set(name, tree(parts[1]));
            }
        }
        return config.toString().getBytes(StandardCharsets.UTF_8);
    }

    private List<Finding> judge(byte[] json, HostSecurity host) {
        return audit.judge(AuditTarget.ofBundle(SpecReader.read(json), bundle.toString(), host));
    }

    private static Set<String> ids(List<Finding> findings) {
        Set<String> ids = new TreeSet<>();
        findings.stream()
                .filter(finding -> finding.severity() != Severity.INFO)
                .forEach(finding -> ids.add(finding.id()));
        return ids;
    }

    private static Set<String> allIds(List<Finding> findings) {
        Set<String> ids = new TreeSet<>();
        findings.forEach(finding -> ids.add(finding.id()));
        return ids;
    }

    @Test
    void hardenedSpecificationHasNoWeakness() {
        List<Finding> findings = judge(edited(List.of()), PLAIN);

        assertEquals(Set.of("no-mac-on-this-host"), allIds(findings));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weaknessIsFoundAndMendedIfItSaysSo(Case one) {
        byte[] json = edited(one.edits());

        List<Finding> findings = judge(json, PLAIN);
        List<Finding> same = findings.stream().filter(f -> f.id().equals(one.id())).toList();
        assertFalse(same.isEmpty(), () -> allIds(findings).toString());
        assertEquals(same.get(0).type().isFixed(), same.get(0).isFixable());

        SpecDocument document = SpecDocument.parse(json);
        Audit.fix(document, same);
        List<Finding> left = judge(document.text(), PLAIN);
        assertEquals(!same.get(0).isFixable(), allIds(left).contains(one.id()));
        Validator.check(SpecReader.read(document.text()), FACTS);
    }

    @Test
    void everyWeaknessHasACaseOrATestOfItsOwn() {
        Set<String> missing = new TreeSet<>();
        audit.types().forEach(type -> missing.add(type.id()));
        cases().forEach(one -> missing.remove(one.id()));

        assertEquals(
                Set.of(
                        "host-mount-flags-cleared", // AuditIT: they take a mount of the host
                        "host-read-only-cleared",
                        "less-confined-than-configured",
                        "no-mac-label",
                        "no-mac-on-this-host",
                        "privileged-programs",
                        "privileged-programs-without-effect",
                        "root-not-searched"),
                missing);
    }

    @Test
    void noIdIsThereTwice() {
        Set<String> seen = new HashSet<>();

        audit.types().forEach(type -> assertTrue(seen.add(type.id()), type.id()));
    }

    @Test
    void harmlessThingsAreNotFound() {
        byte[] json =
                edited(
                        List.of(
                                "/mounts/- {\"destination\": \"/n\", \"source\": \"/dev/null\","
                                        + " \"options\": [\"bind\", \"ro\"]}",
                                "/mounts/- {\"destination\": \"/s\", \"type\": \"bind\","
                                        + " \"source\": \"/srv/x\", \"options\": [\"ro\"]}",
                                "/linux/resources/devices/- {\"allow\": true, \"access\": \"m\"}",
                                "/linux/resources/devices/- {\"allow\": true, \"type\": \"c\","
                                        + " \"major\": 1, \"minor\": 3, \"access\": \"rw\"}",
                                "/process/capabilities/bounding [\"CAP_KILL\", \"CAP_CHOWN\"]",
                                "/linux/resources/memory {}",
                                "/linux/resources/unified {\"memory.max\": \"1000000\"}"));

        assertEquals(Set.of(), ids(judge(json, PLAIN)));
    }

    @Test
    void userNamespaceMakesItLessSevere() {
        List<String> edits = new ArrayList<>(List.of("/process/capabilities"));
        Finding inside = first("all-capabilities", judge(edited(edits), PLAIN));
        edits.add("/linux/namespaces [{\"type\": \"pid\"}]");
        Finding outside = first("all-capabilities", judge(edited(edits), PLAIN));

        assertEquals(Severity.MEDIUM, inside.severity());
        assertEquals(Severity.CRITICAL, outside.severity());
    }

    @Test
    void worstComesFirst() {
        List<Finding> findings = judge("{\"process\": {}}".getBytes(StandardCharsets.UTF_8), PLAIN);

        List<Severity> severities = findings.stream().map(Finding::severity).toList();
        assertEquals(severities.stream().sorted().toList(), severities);
        assertTrue(severities.size() > 5, severities::toString);
    }

    @Test
    void limitThatCannotBeSetHereIsNotSet() {
        HostSecurity none = new HostSecurity(false, false, Set.of());

        List<Finding> found = judge(edited(List.of("/linux/resources/pids")), none);

        assertFalse(first("no-pids-limit", found).isFixable());
    }

    @Test
    void labelIsMissedWhereItCouldBe() {
        HostSecurity apparmor = new HostSecurity(false, true, LIMITS);
        HostSecurity selinux = new HostSecurity(true, false, LIMITS);
        List<String> label = List.of("/process/apparmorProfile \"web\"");
        List<String> unconfined = List.of("/process/apparmorProfile \"unconfined\"");

        assertEquals(
                "process.apparmorProfile",
                first("no-mac-label", judge(edited(List.of()), apparmor)).field());
        assertEquals(
                "process.selinuxLabel",
                first("no-mac-label", judge(edited(List.of()), selinux)).field());
        assertEquals(Set.of(), allIds(judge(edited(label), apparmor)));
        assertEquals(Set.of("no-mac-label"), ids(judge(edited(unconfined), apparmor)));
    }

    @Test
    void privilegedProgramsAreFoundButNoLinksFollowed() throws IOException {
        Path su = Files.createFile(bundle.resolve("rootfs/su"));
        Files.setPosixFilePermissions(su, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(su, "unix:mode", 0104755);
        Files.createSymbolicLink(bundle.resolve("rootfs/host"), Path.of("/usr"));
        byte[] careless = edited(List.of("/process/noNewPrivileges false"));

        Finding harmless =
                first("privileged-programs-without-effect", judge(edited(List.of()), PLAIN));
        Finding found = first("privileged-programs", judge(careless, PLAIN));

        assertEquals("/su (set-ID)", harmless.problem());
        assertEquals("/su (set-ID)", found.problem());
        assertEquals(Severity.MEDIUM, found.severity());
    }

    @Test
    void rootThatCannotBeSearchedIsReported() throws IOException {
        Files.delete(bundle.resolve("rootfs"));

        Finding found = first("root-not-searched", judge(edited(List.of()), PLAIN));

        assertTrue(found.problem().contains("ENOENT"), found.problem());
    }

    @Test
    void kernelHasTheLastWord() {
        String status =
                """
                Name:	sh
                NoNewPrivs:	0
                Seccomp:	0
                CapPrm:	0000000000000020
                CapBnd:	0000000000200000
                """;

        List<Finding> found =
                audit.judge(running(ProcessStatus.parse(status))).stream()
                        .filter(one -> one.id().equals("less-confined-than-configured"))
                        .toList();

        assertEquals(
                List.of("process.noNewPrivileges", "linux.seccomp", "process.capabilities"),
                found.stream().map(Finding::field).toList());
        assertTrue(found.get(2).problem().endsWith("CAP_KILL, CAP_SYS_ADMIN"));
    }

    @Test
    void kernelThatAgreesIsNoFinding() {
        String status = "NoNewPrivs: 1\nSeccomp: 2\nCapPrm: 0\nCapBnd: 0\n";

        assertEquals(Set.of(), ids(audit.judge(running(ProcessStatus.parse(status)))));
    }

    private AuditTarget running(ProcessStatus status) {
        AuditTarget plain =
                AuditTarget.ofBundle(SpecReader.read(edited(List.of())), bundle.toString(), PLAIN);
        return new AuditTarget(
                plain.spec(), plain.bundle(), plain.limits(), PLAIN, Optional.of(status));
    }

    private static Finding first(String id, List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " is not in " + allIds(findings)));
    }
}
