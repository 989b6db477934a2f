// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * A compiled filter for people to read: for each architecture, the calls that are decided alike,
 * and how.
 */
public final class FilterText {
    private FilterText() {}

    /**
     * What is decided on one architecture.
     *
     * @param groups the ones with most calls first; the last one is for numbers without a name
     */
    public record Section(Architecture architecture, List<Group> groups) {}

    /**
     * Calls that are decided alike.
     *
     * @param calls sorted by name
     * @param numbers those that no call has, as {@code 470..511}; only where {@code calls} is empty
     * @param code what decides, a line each
     */
    public record Group(List<String> calls, List<String> numbers, List<String> code) {}

    /** Reads the filter back that is made of {@code profile}. */
    public static List<Section> of(Seccomp profile, Architecture nativeArchitecture) {
        List<Section> sections = new ArrayList<>();
        for (NumberMap map : NumberMap.of(profile, nativeArchitecture)) {
            sections.add(new Section(map.architecture(), groups(map)));
        }
        return sections;
    }

    private static List<Group> groups(NumberMap map) {
        NavigableMap<Long, List<String>> names = SyscallNames.byNumber(map.architecture());
        ArgumentWords words = new ArgumentWords(map.architecture());
        Map<List<String>, List<String>> named = new LinkedHashMap<>();
        Map<List<String>, List<String>> unnamed = new LinkedHashMap<>();
        for (NumberMap.Span span : map.spans()) {
            List<String> code = PseudoCode.of(span.decision(), words);
            long begin = span.first();
            for (Map.Entry<Long, List<String>> call :
                    names.subMap(span.first(), true, span.last(), true).entrySet()) {
                named.computeIfAbsent(code, c -> new ArrayList<>()).addAll(call.getValue());
                addRange(unnamed, code, begin, call.getKey() - 1);
                begin = call.getKey() + 1;
            }
            addRange(unnamed, code, begin, span.last());
        }
        List<Group> groups = new ArrayList<>();
        named.forEach((code, calls) -> groups.add(new Group(sorted(calls), List.of(), code)));
        groups.sort((a, b) -> Integer.compare(b.calls.size(), a.calls.size()));
        unnamed.forEach((code, numbers) -> groups.add(new Group(List.of(), numbers, code)));
        return groups;
    }

    private static void addRange(
            Map<List<String>, List<String>> ranges, List<String> code, long first, long last) {
        if (first <= last) {
            ranges.computeIfAbsent(code, c -> new ArrayList<>()).add(range(first, last));
        }
    }

    /** {@code 470..511}, or {@code 470} alone. */
    static String range(long first, long last) {
        return first == last ? Long.toString(first) : first + ".." + last;
    }

    private static List<String> sorted(List<String> calls) {
        List<String> sorted = new ArrayList<>(calls);
        sorted.sort(null);
        return sorted;
    }
}
