// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of docs/audit.md; {@code -Dgolden.update=true} writes it anew. */
class AuditPageTest {
    private static final Path PAGE = Path.of("..", "docs", "audit.md");
    private static final String HEAD =
            """
            | id | severity | in a user namespace | an attacker … | remedy | `--fix` |
            |---|---|---|---|---|---|
            """;

    @Test
    void tableIsThatOfTheRules() throws IOException {
        String page = Files.readString(PAGE);
        String prose = page.substring(0, page.indexOf(HEAD));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, prose + table());
        }

        assertEquals(prose + table(), Files.readString(PAGE));
    }

    private static String table() {
        StringBuilder table = new StringBuilder(HEAD);
        for (FindingType one : new Audit(LocalKernel.get()).types()) {
            table.append("| `").append(one.id()).append("` | ").append(one.severity().word());
            table.append(" | ");
            table.append(
                    one.inUserNamespace() == one.severity() ? "" : one.inUserNamespace().word());
            table.append(" | ").append(one.consequence()).append(" | ").append(one.remedy());
            table.append(" | ").append(one.isFixed() ? "yes" : "").append(" |\n");
        }
        return table.toString();
    }
}
