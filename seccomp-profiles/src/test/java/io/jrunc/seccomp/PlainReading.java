// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import io.jrunc.seccomp.compile.Alternative;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the rules of a profile say about a call, read one after the other, nothing compiled. */
public final class PlainReading {
    private static final int ENOSYS = 0x0005_0026;
    private static final int KILL_THREAD = 0;
    private static final int X32_BIT = 1 << 30;

    private final Seccomp profile;
    private final int defaultValue;
    private final Set<Architecture> architectures = EnumSet.noneOf(Architecture.class);
    private final Map<Architecture, Map<Integer, List<Alternative>>> rules = new HashMap<>();
    private final Map<Architecture, Integer> newest = new HashMap<>();

    public PlainReading(Seccomp profile, Architecture nativeArchitecture) {
        this.profile = profile;
        defaultValue = profile.defaultAction().returnValue(profile.defaultErrnoRet().orElse(1));
        architectures.addAll(profile.architectures());
        architectures.add(nativeArchitecture);
        for (Architecture architecture : architectures) {
            newest.put(architecture, newest(architecture));
        }
    }

    /** The values of all rules that apply: one, unless alternatives contradict each other. */
    public Set<Integer> values(SystemCall call) {
        Architecture architecture = call.architecture();
        boolean isX86 = architecture == Architecture.X86_64 || architecture == Architecture.X32;
        if (isX86) {
            boolean hasBit = (call.number() & X32_BIT) != 0;
            if (isNewer(hasBit ? Architecture.X32 : Architecture.X86_64, call.number())) {
                return Set.of(ENOSYS);
            }
            boolean isX32 = Integer.compareUnsigned(call.number(), X32_BIT) >= 0;
            architecture = isX32 ? Architecture.X32 : Architecture.X86_64;
            if (call.number() == -1 && !architectures.contains(Architecture.X32)) {
                return Set.of(defaultValue);
            }
        }
        if (!architectures.contains(architecture)) {
            return Set.of(KILL_THREAD);
        }
        if (!isX86 && isNewer(architecture, call.number())) {
            return Set.of(ENOSYS);
        }
        return values(architecture, call);
    }

    private boolean isNewer(Architecture architecture, int number) {
        int last = newest.getOrDefault(architecture, 0);
        boolean isS390 = architecture == Architecture.S390 || architecture == Architecture.S390X;
        return last != 0 && (Integer.compareUnsigned(number, last) > 0 || (isS390 && number == 0));
    }

    private int newest(Architecture architecture) {
        int last = 0;
        for (SyscallRule rule : profile.syscalls()) {
            for (String name : rule.names()) {
                int index = SyscallTable.indexOf(name);
                if (!Multiplexer.isUsedOn(architecture) || !Multiplexer.covers(index)) {
                    last = Math.max(last, SyscallTable.number(architecture, index));
                }
            }
        }
        return profile.defaultAction().allows() ? 0 : last;
    }

    private Set<Integer> values(Architecture architecture, SystemCall call) {
        Set<Integer> values = new HashSet<>();
        for (Alternative alternative : rules(architecture, call.number())) {
            if (alternative.simplified(architecture).conditions().isEmpty()) {
                return Set.of(alternative.value());
            }
            if (applies(alternative, architecture, call)) {
                values.add(alternative.value());
            }
        }
        return values.isEmpty() ? Set.of(defaultValue) : values;
    }

    /** Rules without conditions first. */
    public List<Alternative> rules(Architecture architecture, int number) {
        return rules.computeIfAbsent(architecture, this::read).getOrDefault(number, List.of());
    }

    private Map<Integer, List<Alternative>> read(Architecture architecture) {
        Map<Integer, List<Alternative>> byNumber = new HashMap<>();
        int defaultValue = profile.defaultAction().returnValue(profile.defaultErrnoRet().orElse(1));
        for (SyscallRule rule : profile.syscalls()) {
            int value = rule.action().returnValue(rule.errnoRet().orElse(1));
            if (value == defaultValue) {
                continue;
            }
            for (String name : rule.names()) {
                int index = SyscallTable.indexOf(name);
                for (Alternative alternative : Alternative.of(rule, value)) {
                    put(byNumber, SyscallTable.number(architecture, index), alternative);
                    if (Multiplexer.isUsedOn(architecture) && Multiplexer.covers(index)) {
                        put(
                                byNumber,
                                Multiplexer.number(architecture, index),
                                alternative.multiplexed(Multiplexer.subCall(index)));
                    }
                }
            }
        }
        for (List<Alternative> alternatives : byNumber.values()) {
            alternatives.sort(
                    (a, b) ->
                            Boolean.compare(
                                    !a.simplified(architecture).conditions().isEmpty(),
                                    !b.simplified(architecture).conditions().isEmpty()));
        }
        return byNumber;
    }

    private static void put(
            Map<Integer, List<Alternative>> rules, int number, Alternative alternative) {
        if (number != SyscallTable.ABSENT) {
            rules.computeIfAbsent(number, n -> new ArrayList<>()).add(alternative);
        }
    }

    private static boolean applies(
            Alternative alternative, Architecture architecture, SystemCall call) {
        long bits = architecture.hasWideArguments() ? -1L : 0xffff_ffffL;
        for (ArgCondition condition : alternative.conditions()) {
            long argument = call.argument(condition.index()) & bits;
            long value = condition.value() & bits;
            int order = Long.compareUnsigned(argument, value);
            boolean holds =
                    switch (condition.op()) {
                        case EQ -> order == 0;
                        case NE -> order != 0;
                        case LT -> order < 0;
                        case LE -> order <= 0;
                        case GT -> order > 0;
                        case GE -> order >= 0;
                        case MASKED_EQ -> (argument & value) == (condition.valueTwo() & value);
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }
}
