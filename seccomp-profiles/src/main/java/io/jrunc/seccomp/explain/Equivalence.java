// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.compile.Decision;
import io.jrunc.seccomp.compile.Decision.Test;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether two decisions about the arguments of a call always come to the same. All ways through
 * both are followed at once, with those values of each word that are on one side or the other of
 * any test. For comparisons that is exact. For masks, what is compared is tried with the bits of
 * each mask as they are asked for, and with one of them wrong.
 */
final class Equivalence {
    private final Map<Integer, Set<Integer>> compared = new HashMap<>();
    private final Map<Integer, Set<Decision>> masked = new HashMap<>();

    private Equivalence() {}

    static boolean of(Decision first, Decision second) {
        if (first.isFinal() && second.isFinal()) {
            return first.constant == second.constant;
        }
        Equivalence equivalence = new Equivalence();
        Set<Decision> seen = new HashSet<>();
        equivalence.collect(first, seen);
        equivalence.collect(second, seen);
        return same(first, second, equivalence.values());
    }

    private void collect(Decision test, Set<Decision> seen) {
        if (test.isFinal() || !seen.add(test)) {
            return;
        }
        Set<Integer> some = compared.computeIfAbsent(test.word, w -> new TreeSet<>(List.of(0, -1)));
        if (test.mask == Decision.ALL_BITS && test.test != Test.ANY_BIT) {
            some.addAll(List.of(test.constant - 1, test.constant, test.constant + 1));
        } else {
            masked.computeIfAbsent(test.word, w -> new HashSet<>()).add(test);
        }
        collect(test.yes, seen);
        collect(test.no, seen);
    }

    private Map<Integer, int[]> values() {
        Map<Integer, int[]> all = new HashMap<>();
        compared.forEach(
                (word, some) -> {
                    Set<Integer> more = new TreeSet<>(some);
                    for (Decision test : masked.getOrDefault(word, Set.of())) {
                        some.forEach(value -> addMasked(more, value, test));
                    }
                    all.put(word, more.stream().mapToInt(Integer::intValue).toArray());
                });
        return all;
    }

    private static void addMasked(Set<Integer> values, int value, Decision test) {
        int mask = test.test == Test.ANY_BIT ? test.constant : test.mask;
        int asked = test.test == Test.ANY_BIT ? 0 : test.constant;
        int right = value & ~mask | asked;
        values.add(right);
        for (int bit = Integer.lowestOneBit(mask); bit != 0; ) {
            values.add(right ^ bit);
            int higher = mask & ~(bit | bit - 1);
            bit = Integer.lowestOneBit(higher);
        }
    }

    private static boolean same(Decision first, Decision second, Map<Integer, int[]> possible) {
        if (first.isFinal() && second.isFinal()) {
            return first.constant == second.constant;
        }
        Decision test = first.isFinal() ? second : first;
        for (boolean answer : new boolean[] {true, false}) {
            int[] left =
                    Arrays.stream(possible.get(test.word))
                            .filter(value -> test.holds(value) == answer)
                            .toArray();
            if (left.length > 0) {
                Map<Integer, int[]> narrowed = new HashMap<>(possible);
                narrowed.put(test.word, left);
                Decision next = answer ? test.yes : test.no;
                if (!same(
                        first.isFinal() ? first : next,
                        first.isFinal() ? next : second,
                        narrowed)) {
                    return false;
                }
            }
        }
        return true;
    }
}
