// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/** Finds what two filters decide differently. The rules may differ without any such thing. */
public final class FilterComparison {
    /** The code for an architecture that one of the filters does not cover. */
    private static final List<String> NOT_COVERED =
            List.of("return " + Outcome.of(Action.KILL_THREAD.returnValue(0)));

    private static final List<String> COVERED = List.of("return what its rules say");

    private FilterComparison() {}

    /**
     * Calls that are decided in one way by the first filter, and in one other by the second.
     *
     * @param calls sorted by name; none, and no numbers: all of the architecture
     * @param numbers those that no call has, as {@code 470..511}
     * @param first what decides, a line each
     */
    public record Difference(
            Architecture architecture,
            List<String> calls,
            List<String> numbers,
            List<String> first,
            List<String> second) {}

    /** Compares what is made of two profiles for the same machine. */
    public static List<Difference> of(
            Seccomp first, Seccomp second, Architecture nativeArchitecture) {
        Map<Architecture, NumberMap> firsts = byArchitecture(first, nativeArchitecture);
        Map<Architecture, NumberMap> seconds = byArchitecture(second, nativeArchitecture);
        Set<Architecture> all = new LinkedHashSet<>(firsts.keySet());
        all.addAll(seconds.keySet());
        List<Difference> differences = new ArrayList<>();
        for (Architecture architecture : all) {
            NumberMap one = firsts.get(architecture);
            NumberMap other = seconds.get(architecture);
            if (one == null || other == null) {
                differences.add(
                        new Difference(
                                architecture,
                                List.of(),
                                List.of(),
                                one == null ? NOT_COVERED : COVERED,
                                other == null ? NOT_COVERED : COVERED));
            } else {
                differences.addAll(new Pair(one, other).differences());
            }
        }
        return differences;
    }

    private static Map<Architecture, NumberMap> byArchitecture(
            Seccomp profile, Architecture nativeArchitecture) {
        Map<Architecture, NumberMap> maps = new LinkedHashMap<>();
        NumberMap.of(profile, nativeArchitecture).forEach(map -> maps.put(map.architecture(), map));
        return maps;
    }

    /** Both filters, on one architecture. */
    private static final class Pair {
        /** What is decided by each. */
        private record Codes(List<String> first, List<String> second) {}

        private final NumberMap one;
        private final NumberMap other;
        private final ArgumentWords words;
        private final NavigableMap<Long, List<String>> names;
        private final Map<Codes, List<String>> calls = new LinkedHashMap<>();
        private final Map<Codes, List<String>> numbers = new LinkedHashMap<>();

        Pair(NumberMap one, NumberMap other) {
            this.one = one;
            this.other = other;
            words = new ArgumentWords(one.architecture());
            names = SyscallNames.byNumber(one.architecture());
        }

        List<Difference> differences() {
            for (NumberMap.Span a : one.spans()) {
                for (NumberMap.Span b : other.spans()) {
                    long first = Math.max(a.first(), b.first());
                    long last = Math.min(a.last(), b.last());
                    if (first <= last && !Equivalence.of(a.decision(), b.decision())) {
                        Codes codes =
                                new Codes(
                                        PseudoCode.of(a.decision(), words),
                                        PseudoCode.of(b.decision(), words));
                        add(codes, first, last);
                    }
                }
            }
            Set<Codes> all = new LinkedHashSet<>(calls.keySet());
            all.addAll(numbers.keySet());
            List<Difference> found = new ArrayList<>();
            for (Codes codes : all) {
                found.add(
                        new Difference(
                                one.architecture(),
                                calls.getOrDefault(codes, List.of()).stream().sorted().toList(),
                                numbers.getOrDefault(codes, List.of()),
                                codes.first,
                                codes.second));
            }
            return found;
        }

        private void add(Codes codes, long first, long last) {
            long begin = first;
            for (Map.Entry<Long, List<String>> call :
                    names.subMap(first, true, last, true).entrySet()) {
                calls.computeIfAbsent(codes, c -> new ArrayList<>()).addAll(call.getValue());
                addNumbers(codes, begin, call.getKey() - 1);
                begin = call.getKey() + 1;
            }
            addNumbers(codes, begin, last);
        }

        private void addNumbers(Codes codes, long first, long last) {
            if (first <= last) {
                numbers.computeIfAbsent(codes, c -> new ArrayList<>())
                        .add(FilterText.range(first, last));
            }
        }
    }
}
