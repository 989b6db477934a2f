// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.conformance;

import io.jrunc.it.harness.IntegrationTests;
import io.jrunc.it.harness.Shows;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which integration tests say that they show which field.
 *
 * @param tests by field, or field and value: {@code LimitsIT.softLimitIsThere}
 */
record ShownFields(Map<String, List<String>> tests) {

    /**
     * The tests that show {@code field}: they name it, one of its values, or what it is a part of.
     */
    List<String> of(String field) {
        Set<String> found = new TreeSet<>();
        tests.forEach(
                (shown, names) -> {
                    if (shows(shown, field)) {
                        found.addAll(names);
                    }
                });
        return List.copyOf(found);
    }

    private static boolean shows(String shown, String field) {
        return shown.equals(field)
                || shown.startsWith(field + "=")
                || field.startsWith(shown + ".");
    }

    /** The tests that name exactly this field and value. */
    List<String> ofValue(String field, String value) {
        return tests.getOrDefault(field + "=" + value, List.of());
    }

    /** Whether a test may name it: it shows something of {@code entry}. */
    static boolean isAbout(String shown, Entry entry) {
        int equals = shown.indexOf('=');
        boolean known =
                equals < 0
                        || entry.values().isEmpty()
                        || entry.values().containsKey(shown.substring(equals + 1));
        return shows(shown, entry.field()) && known;
    }

    static ShownFields read() {
        Map<String, List<String>> shown = new TreeMap<>();
        for (Class<?> type : IntegrationTests.classes()) {
            for (Method method : type.getDeclaredMethods()) {
                Shows shows = method.getAnnotation(Shows.class);
                if (shows != null) {
                    for (String field : shows.value()) {
                        shown.computeIfAbsent(field, key -> new ArrayList<>())
                                .add(type.getSimpleName() + "." + method.getName());
                    }
                }
            }
        }
        shown.values().forEach(tests -> tests.sort(null));
        return new ShownFields(shown);
    }
}
