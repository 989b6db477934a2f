// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Renders {@code docs/escapes.md}. */
final class EscapesPage {
    private static final String INTRODUCTION =
            """
            # Container escapes, and the tests that attempt them

            This page lists every published attack on runc, crun or youki by which a container gains access to the host or more rights
            inside, and some that follow from the design of a runtime. For each attack, an integration test attempts it on a real
            container; the attempt must fail. Each attack was also seen to succeed, so that its test is known to be effective: against a
            vulnerable runtime of Debian 12, by `integration-tests/vm/verify escapes`, or against jrunc without the defence.

            This page is generated, by `EscapesTest` (`-Dgolden.update=true`), from
            `integration-tests/src/test/resources/escape/catalogue.json` and the annotation `@Escape` of the tests. The build
            fails if an entry has no test, names a class that does not exist, or differs from this page.

            Races run for about a thousand rounds; `-Descape.rounds=100000` raises that. A race test fails only if an attack
            succeeded, and asserts that the race took place: containers were created in both states that the attacker switches between.

            """;

    private EscapesPage() {}

    static String of(List<Attack> attacks, Map<String, List<String>> tests) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Attack attack : attacks) {
            page.append("## ").append(attack.id()).append("\n\n");
            item(page, "Worked against", attack.against());
            item(page, "Attack", attack.attack());
            item(page, "Defence", attack.defence() + " (" + code(attack.where()) + ")");
            item(page, "Test", code(tests.getOrDefault(attack.id(), List.of())));
            item(page, "Effective", effective(attack));
            page.append('\n');
        }
        return page.toString();
    }

    private static void item(StringBuilder page, String name, String text) {
        page.append("- ").append(name).append(": ").append(text).append('\n');
    }

    private static String effective(Attack attack) {
        String succeeds =
                attack.succeedsAgainst().isEmpty()
                        ? ""
                        : "succeeds against "
                                + attack.succeedsAgainst()
                                + " in the virtual machine";
        String fails =
                attack.seenToFail().isEmpty()
                        ? ""
                        : "the test was seen to fail when " + attack.seenToFail();
        return succeeds + (succeeds.isEmpty() || fails.isEmpty() ? "" : "; ") + fails;
    }

    private static String code(List<String> names) {
        return names.stream()
                .map(name -> "`" + name.substring(name.startsWith("io.") ? dot(name) : 0) + "`")
                .collect(Collectors.joining(", "));
    }

    private static int dot(String name) {
        return name.lastIndexOf('.') + 1;
    }
}
