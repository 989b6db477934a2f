// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.audit;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What audit says of flags of the host's mounts, beside what the kernel shows in the container. */
@Requires({ROOT, JRUNC})
class AuditedMountsIT {
    private static final Set<String> FLAGS = Set.of("ro", "nosuid", "nodev", "noexec");
    private static final String CLEARED = "host-(read-only|mount-flags)-cleared";

    private Path source;

    @BeforeEach
    void mountSource() {
        source = Sandbox.current().freshDirectory("restricted");
        mount("-t", "tmpfs", "-o", "nosuid,nodev,noexec", "t", source.toString());
        mount("-o", "remount,bind,ro,nosuid,nodev,noexec", source.toString());
    }

    @AfterEach
    void unmount() {
        Sandbox.current().command("umount", source.toString()).run().output();
    }

    private static void mount(String... words) {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(words));
        Sandbox.current().command(command).run().output();
    }

    /** The flags that the container's mount lacks, by the kernel and by the audit. */
    @ParameterizedTest
    @CsvSource({
        "bind, ''",
        "rbind rprivate, ''",
        "rbind noatime nodiratime, 'nodev noexec nosuid ro'",
        "bind rw, 'nodev noexec nosuid ro'",
        "bind nodev, 'noexec nosuid ro'",
        "rbind ro, 'nodev noexec nosuid'",
        "bind ro nosuid nodev noexec, ''",
        "rbind rro rnosuid, ''",
        "rbind rrw, ro",
        "rbind rw rro, 'nodev noexec nosuid'",
    })
    void flagsThatABindTakesOffAreFound(String options, String lost) {
        var bundle = Bundle.busybox().bind(source, "/data", options.split(" "));

        JsonNode report = audit(bundle);

        assertEquals(lost, String.join(" ", lostIn(bundle)));
        Set<String> found = new TreeSet<>();
        for (JsonNode finding : findings(report)) {
            String problem = finding.get("problem").asText();
            String words = problem.replaceAll(".* of the host that is (\\S+); .*", "$1");
            found.addAll(List.of(words.split(",")));
            assertTrue(finding.get("field").asText().matches("mounts\\[\\d+\\].options"), problem);
            assertTrue(problem.contains(source.toString()), problem);
            boolean readOnly = finding.get("id").asText().equals("host-read-only-cleared");
            assertEquals(readOnly ? "medium" : "low", finding.get("severity").asText());
        }
        assertEquals(lost, String.join(" ", found));
    }

    /** What --fix writes keeps the host's flags. */
    @ParameterizedTest
    @ValueSource(strings = {"bind rw", "rbind rrw", "bind ro suid", "bind nodev"})
    void fixKeepsTheFlags(String options) {
        var bundle = Bundle.busybox().bind(source, "/data", options.split(" ")).write();

        String[] fix = {"audit", "--fix", "--format", "json"};
        JsonNode report = Json.parse(bundle.invoke(fix).run().output());

        assertEquals(List.of(), findings(report));
        JsonNode fixed = Json.parse(Result.text(bundle.directory().resolve("config.json")));
        JsonNode mounts = fixed.get("mounts");
        bundle.set("/mounts", mounts);
        assertEquals(Set.of(), lostIn(bundle));
    }

    /** The kernel does not take them off there: they are locked. */
    @Test
    void flagsThatAUserNamespaceLocksAreNotFound() {
        var bundle = Bundle.busybox().userNamespace(100000, 65536).directory("/data");
        bundle.bind(source, "/data", "nodev");

        assertEquals(List.of(), findings(audit(bundle)));
        assertEquals(Set.of(), lostIn(bundle));
    }

    /** Only a mount can be made writable again, a file system that is read-only cannot. */
    @Test
    void readOnlyFileSystemIsNotFound() {
        mount("-o", "remount,ro", source.toString());
        var bundle = Bundle.busybox().bind(source, "/data", "rw", "nosuid", "nodev", "noexec");

        assertEquals(List.of(), findings(audit(bundle)));
        assertTrue(bundle.sh("echo x >/data/x").stderr().contains("Read-only file system"));
    }

    @Test
    void sourceWithoutFlagsOrThatIsMissingIsNotFound() {
        Path plain = Sandbox.current().freshDirectory("plain");
        mount("-t", "tmpfs", "t", plain.toString());
        var bundle = Bundle.busybox().bind(plain, "/data", "rw").bind(plain.resolve("no"), "/no");

        assertEquals(List.of(), findings(audit(bundle)));
        Sandbox.current().command("umount", plain.toString()).run().output();
    }

    private static Set<String> lostIn(Bundle bundle) {
        Result line = bundle.sh("awk '$5 == \"/data\" {print $6}' /proc/self/mountinfo");
        Set<String> lost = new TreeSet<>(FLAGS);
        lost.removeAll(List.of(line.output().split(",")));
        return lost;
    }

    private static JsonNode audit(Bundle bundle) {
        return Json.parse(bundle.invoke("audit", "--format", "json").run().output());
    }

    private static List<JsonNode> findings(JsonNode report) {
        List<JsonNode> findings = new ArrayList<>();
        for (JsonNode finding : report.get("findings")) {
            if (finding.get("id").asText().matches(CLEARED)) {
                findings.add(finding);
            }
        }
        return findings;
    }
}
