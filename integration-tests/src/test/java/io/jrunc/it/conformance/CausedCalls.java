// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.conformance;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the system calls that apply a field: those that a container makes with the field and does
 * not make without it. They are observed, not written by hand.
 */
final class CausedCalls {
    /** What only looks, or only serves another call. */
    private static final Set<String> PREPARING =
            Set.of(
                    "openat",
                    "openat2",
                    "statx",
                    "check",
                    "fstatfs",
                    "read",
                    "pread64",
                    "readlinkat",
                    "fcntl",
                    "dup",
                    "dup3",
                    "faccessat2",
                    "getdents64",
                    "ppoll",
                    "capget",
                    "control"); // asks for a number, and makes no call

    private static final Pattern CALL = Pattern.compile("\\w+  (\\w+)\\((.*)\\) = -?\\d+");
    private static final Pattern FILE = Pattern.compile("^\\d+<[^>]*?([^/>]+)>");
    private static final Pattern NUMBER = Pattern.compile("\\b\\d+<");

    private CausedCalls() {}

    /** The calls' names, in order; of a write the file, too. */
    static List<String> of(Entry entry) {
        Set<String> names = new LinkedHashSet<>();
        for (boolean pureV2 : new boolean[] {true, false}) {
            List<String> without = normal(PaperContainer.calls(Map.of(), pureV2));
            for (String call : normal(PaperContainer.calls(entry.example(), pureV2))) {
                if (!without.remove(call)) {
                    name(call, names);
                }
            }
            if (names.isEmpty()) {
                without.forEach(
                        call -> name(call, names)); // an example that switches something off
            }
        }
        return List.copyOf(names);
    }

    /** Descriptors have other numbers when more or fewer are opened before them. */
    private static List<String> normal(List<String> calls) {
        List<String> normal = new ArrayList<>();
        for (String call : calls) {
            normal.add(NUMBER.matcher(call).replaceAll("<").replaceAll(" = \\d+$", " = 0"));
        }
        return normal;
    }

    private static void name(String line, Set<String> names) {
        Matcher call = CALL.matcher(line);
        if (!call.matches() || PREPARING.contains(call.group(1))) {
            return;
        }
        Matcher file = FILE.matcher(call.group(2).replaceFirst("^<", "0<"));
        boolean write = call.group(1).equals("write") && file.find();
        names.add(write ? "write " + file.group(1) : call.group(1));
    }
}
