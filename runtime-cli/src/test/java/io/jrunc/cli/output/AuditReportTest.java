// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.confinement.audit.Audit;
import io.jrunc.confinement.audit.AuditTarget;
import io.jrunc.confinement.audit.Finding;
import io.jrunc.confinement.audit.HostSecurity;
import io.jrunc.confinement.audit.Severity;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.spec.template.DefaultSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an audit of {@link DefaultSpec} prints; {@code -Dgolden.update=true} writes it anew. */
class AuditReportTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "audit");

    @TempDir Path bundle;
    private AuditReport report;

    @BeforeEach
    void judge() throws IOException {
        Files.createDirectory(bundle.resolve("rootfs"));
        HostSecurity host = new HostSecurity(false, true, Set.of("memory", "pids"));
        AuditTarget subject =
                AuditTarget.ofBundle(
                        DefaultSpec.create(false, 0, 0, true), bundle.toString(), host);
        List<Finding> findings = new Audit(LocalKernel.get()).judge(subject);
        report = new AuditReport(findings, findings.subList(1, 2));
    }

    private static void assertGolden(String name, String actual) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, actual);
        }
        assertEquals(Files.readString(file), actual);
    }

    @Test
    void textIsForPeople() throws IOException {
        assertGolden("default.txt", report.text());
    }

    @Test
    void jsonIsForPrograms() throws IOException {
        assertGolden("default.json", report.json());
    }

    @Test
    void nothingIsSaidToBeNothing() {
        assertEquals("nothing found\n", new AuditReport(List.of(), List.of()).text());
    }

    @Test
    void severityIsCompared() {
        assertFalse(report.hasAtLeast(Severity.CRITICAL));
        assertTrue(report.hasAtLeast(Severity.HIGH));
        assertTrue(report.hasAtLeast(Severity.LOW));
        assertFalse(new AuditReport(List.of(), List.of()).hasAtLeast(Severity.INFO));
    }
}
