// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl;

import io.jrunc.spec.IntelRdt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which parts of which resource a group has: lines such as {@code L3:0=7f0;1=1f}, one per resource,
 * with a value for each of its instances.
 *
 * @param lines as they are to be written
 */
record Schemata(List<String> lines) {
    private static final String BANDWIDTH = "MB:";

    Schemata {
        lines = List.copyOf(lines);
    }

    /** Returns what a specification asks for, in the order in which it is to be written. */
    static Schemata of(IntelRdt rdt) {
        List<String> lines = new ArrayList<>();
        for (String line : rdt.l3CacheSchema().orElse("").split("\n", -1)) {
            if (!line.isBlank() && !line.startsWith(BANDWIDTH)) {
                lines.add(line);
            }
        }
        rdt.memBwSchema().ifPresent(lines::add);
        lines.addAll(rdt.schemata());
        return new Schemata(lines);
    }

    /** Returns what the file {@code schemata} says. */
    static Schemata parse(String text) {
        return new Schemata(text.lines().filter(line -> !line.isBlank()).toList());
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** For the file {@code schemata}, whose last line must be ended as well. */
    String text() {
        return String.join("\n", lines) + "\n";
    }

    /**
     * Returns the first value in which {@code actual} differs, as it is: {@code L3:0=ff}; empty if
     * it has all that this asks for, and perhaps more.
     */
    String differenceIn(Schemata actual) {
        Map<String, String> there = actual.values();
        for (Map.Entry<String, String> wanted : values().entrySet()) {
            String value = there.get(wanted.getKey());
            if (value == null) {
                return "no " + wanted.getKey();
            }
            if (!value.equals(wanted.getValue())) {
                return wanted.getKey() + "=" + value;
            }
        }
        return "";
    }

    /** {@code L3:0} to {@code ff}; the last value counts. */
    private Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            String resource = colon < 0 ? line.strip() : line.substring(0, colon).strip();
            String rest = colon < 0 ? "" : line.substring(colon + 1);
            for (String assignment : rest.split(";", -1)) {
                int equals = assignment.indexOf('=');
                if (equals > 0) {
                    String instance = plain(assignment.substring(0, equals));
                    values.put(resource + ":" + instance, plain(assignment.substring(equals + 1)));
                }
            }
        }
        return values;
    }

    /** Removes the kernel's padding, and converts hexadecimal digits to lower case. */
    private static String plain(String number) {
        String digits = number.strip().toLowerCase(Locale.ROOT);
        int zeros = 0;
        while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return digits.substring(zeros);
    }
}
