// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EscapesTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Path PAGE = REPOSITORY.resolve("docs/escapes.md");
    private static final Path SUITE = Path.of("vm", "suite", "escapes");

    private static final Map<String, List<String>> TESTS = Catalogue.tests();

    static List<Attack> attacks() {
        return Catalogue.attacks();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void everyAttackIsAttemptedByATest(Attack attack) {
        assertFalse(TESTS.getOrDefault(attack.id(), List.of()).isEmpty());
    }

    @Test
    void testsNameOnlyAttacksOfTheCatalogue() {
        Set<String> unknown = new TreeSet<>(TESTS.keySet());

        attacks().forEach(attack -> unknown.remove(attack.id()));

        assertEquals(Set.of(), unknown);
    }

    @Test
    void noAttackIsThereTwice() {
        Set<String> ids = new TreeSet<>();

        attacks().forEach(attack -> assertTrue(ids.add(attack.id()), attack.id()));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void everyDefenceExists(Attack attack) throws ReflectiveOperationException {
        assertFalse(attack.where().isEmpty());
        for (String where : attack.where()) {
            if (where.contains("/")) {
                assertTrue(Files.exists(REPOSITORY.resolve(where)), where);
            } else {
                Class.forName(where);
            }
        }
    }

    /** A test that was never seen to fail may be one that cannot. */
    @ParameterizedTest
    @MethodSource("attacks")
    void everyTestWasSeenToFail(Attack attack) throws IOException {
        assertFalse(attack.succeedsAgainst().isEmpty() && attack.seenToFail().isEmpty());
        if (!attack.succeedsAgainst().isEmpty()) {
            assertTrue(Files.readString(SUITE).contains(attack.id()), attack.id());
        }
    }

    @Test
    void pageIsUpToDate() throws IOException {
        String page = EscapesPage.of(attacks(), TESTS);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page);
        }

        String current = Files.exists(PAGE) ? Files.readString(PAGE) : "";

        assertEquals(current, page, PAGE + " is old; run the test with -Dgolden.update=true");
    }
}
