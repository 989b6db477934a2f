package io.jrunc.it.escape;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page for people, in Markdown. */
final class EscapesPage {
    private static final String INTRODUCTION =
            """
            # Ways out of a container, and what became of them here

            Every way out of a container, or to more rights in it, that was published for runc, crun or youki, and some that come
            with the design of a runtime. Each is gone by an integration test on real containers, and fails. So that
            the test is known to bite, it was seen to succeed: against a runtime of Debian 12 that is vulnerable, by
            `integration-tests/vm/verify escapes`, or against jrunc with the defence taken out by hand.

            This page is generated, by `EscapesTest` (`-Dgolden.update=true`), from
            `integration-tests/src/test/resources/escape/catalogue.json` and the annotation `@Escape` of the tests. The build
            fails if an entry has no test, names a class that is gone, or is not what this page says.

            Races run some thousand rounds; `-Descape.rounds=100000` raises that. A race test fails only if something got
            out, and asserts that the racer really was in time: containers were made in both states of what it swaps.

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
            item(page, "Bites", bites(attack));
            page.append('\n');
        }
        return page.toString();
    }

    private static void item(StringBuilder page, String name, String text) {
        page.append("- ").append(name).append(": ").append(text).append('\n');
    }

    private static String bites(Attack attack) {
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
