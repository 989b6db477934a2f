// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The calls for which a filter for a profile is tried out. */
public final class Calls {
    /** Beyond the last one of the three ABIs of MIPS; the few private ones of ARM are known. */
    private static final int NUMBERS = 7000;

    private Calls() {}

    /** Those of the filter, and one that is not in it. */
    public static Set<Architecture> architectures(
            Seccomp profile, Architecture nativeArchitecture) {
        Set<Architecture> architectures = new LinkedHashSet<>(profile.architectures());
        architectures.add(nativeArchitecture);
        architectures.add(
                nativeArchitecture.isLittleEndian() ? Architecture.SH : Architecture.M68K);
        return architectures;
    }

    /** As {@link #of}, and all numbers up to where those of all architectures end. */
    static List<SystemCall> ofAllNumbers(
            Seccomp profile, Architecture architecture, Random random) {
        List<SystemCall> calls = of(profile, architecture, random);
        for (int number = 0; number < NUMBERS; number++) {
            calls.add(new SystemCall(architecture, number));
            calls.add(new SystemCall(architecture, number | SyscallTable.X32_BIT));
        }
        return calls;
    }

    /** All known numbers and their neighbours; with boundary arguments where those matter. */
    public static List<SystemCall> of(Seccomp profile, Architecture architecture, Random random) {
        Map<Integer, List<ArgCondition>> conditions = conditions(profile, architecture);
        List<SystemCall> calls = new ArrayList<>();
        for (int number : numbers(architecture)) {
            calls.add(new SystemCall(architecture, number));
            List<ArgCondition> asked = conditions.get(number);
            if (asked != null) {
                addBoundaries(calls, architecture, number, asked, random);
            }
        }
        return calls;
    }

    private static Set<Integer> numbers(Architecture architecture) {
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < SyscallTable.count(); i++) {
            int number = SyscallTable.number(architecture, i);
            if (number != SyscallTable.ABSENT) {
                numbers.add(number - 1);
                numbers.add(number);
                numbers.add(number + 1);
            }
        }
        for (int quarter = 0; quarter < 4; quarter++) {
            int border = quarter << 30;
            for (int offset : new int[] {-1, 0, 1, 1000, 100_000}) {
                numbers.add(border + offset);
            }
        }
        return numbers;
    }

    private static Map<Integer, List<ArgCondition>> conditions(
            Seccomp profile, Architecture architecture) {
        Map<Integer, List<ArgCondition>> conditions = new HashMap<>();
        for (SyscallRule rule : profile.syscalls()) {
            for (String name : rule.names()) {
                int index = SyscallTable.indexOf(name);
                int number = SyscallTable.number(architecture, index);
                if (!rule.args().isEmpty()) {
                    conditions.computeIfAbsent(number, n -> new ArrayList<>()).addAll(rule.args());
                }
                if (Multiplexer.isUsedOn(architecture) && Multiplexer.covers(index)) {
                    int multiplexer = Multiplexer.number(architecture, index);
                    List<ArgCondition> asked =
                            conditions.computeIfAbsent(multiplexer, n -> new ArrayList<>());
                    asked.addAll(rule.args());
                    asked.add(Profiles.when(0, Operator.EQ, Multiplexer.subCall(index)));
                }
            }
        }
        return conditions;
    }

    private static void addBoundaries(
            List<SystemCall> calls,
            Architecture architecture,
            int number,
            List<ArgCondition> conditions,
            Random random) {
        List<List<Long>> values = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            values.add(new ArrayList<>(List.of(0L, -1L)));
        }
        for (ArgCondition condition : conditions) {
            List<Long> interesting = values.get(condition.index());
            addAround(interesting, condition.value());
            if (condition.op() == Operator.MASKED_EQ) {
                long masked = condition.valueTwo() & condition.value();
                addAround(interesting, masked);
                interesting.add(masked | ~condition.value());
                interesting.add(masked ^ Long.lowestOneBit(condition.value()));
                interesting.add(masked ^ Long.highestOneBit(condition.value()));
                interesting.add(~masked);
            }
        }
        for (int i = 0; i < 6; i++) {
            for (long value : values.get(i)) {
                long[] arguments = pick(values, random);
                arguments[i] = value;
                calls.add(new SystemCall(architecture, number, arguments));
            }
        }
        for (int i = 0; i < 30; i++) {
            calls.add(new SystemCall(architecture, number, pick(values, random)));
        }
    }

    private static void addAround(List<Long> values, long value) {
        for (long high : new long[] {0, 1L << 32, -1L << 32}) {
            values.add(value + high - 1);
            values.add(value + high);
            values.add(value + high + 1);
        }
    }

    private static long[] pick(List<List<Long>> values, Random random) {
        long[] arguments = new long[6];
        for (int i = 0; i < 6; i++) {
            arguments[i] = values.get(i).get(random.nextInt(values.get(i).size()));
        }
        return arguments;
    }
}
