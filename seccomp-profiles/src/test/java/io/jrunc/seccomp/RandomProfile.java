// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/** A profile that depends on nothing but the random numbers. */
public final class RandomProfile {
    /** The architectures of libseccomp 2.5, which are those of runc and the two of PA-RISC. */
    static final Set<Architecture> LIBSECCOMP =
            EnumSet.range(Architecture.X86, Architecture.RISCV64);

    /** Families of architectures that one kernel runs, the native one first. */
    private static final Architecture[][] FAMILIES = {
        {Architecture.X86_64, Architecture.X86, Architecture.X32},
        {Architecture.X86_64, Architecture.X86, Architecture.X32},
        {Architecture.AARCH64, Architecture.ARM},
        {Architecture.S390X, Architecture.S390},
        {Architecture.PPC64LE},
        {Architecture.PPC64, Architecture.PPC},
        {Architecture.MIPSEL64, Architecture.MIPSEL, Architecture.MIPSEL64N32},
        {Architecture.MIPS64, Architecture.MIPS, Architecture.MIPS64N32},
        {Architecture.PARISC64, Architecture.PARISC},
        {Architecture.RISCV64},
    };

    private static final Action[] DEFAULT_ACTIONS = {
        Action.ERRNO,
        Action.ERRNO,
        Action.ERRNO,
        Action.ALLOW,
        Action.KILL,
        Action.KILL_PROCESS,
        Action.KILL_THREAD,
        Action.TRAP,
        Action.TRACE,
        Action.LOG,
    };

    private static final Action[] ACTIONS = {
        Action.ALLOW,
        Action.ALLOW,
        Action.ALLOW,
        Action.ERRNO,
        Action.ERRNO,
        Action.KILL,
        Action.KILL_PROCESS,
        Action.KILL_THREAD,
        Action.TRAP,
        Action.TRACE,
        Action.LOG,
        Action.NOTIFY,
    };

    private static final long[] VALUES = {
        0,
        1,
        2,
        3,
        5,
        8,
        12,
        0x2000_0,
        0x7e02_0000L,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_ffffL,
        0x1_0000_0000L,
        0x1_0000_0005L,
        0x7fff_ffff_ffff_ffffL,
        0x8000_0000_0000_0000L,
        -1L,
        -2L,
    };

    private final Random random;
    private final List<String> names;
    private final boolean modest;
    private final Set<String> withConditions = new HashSet<>();
    private final Architecture nativeArchitecture;
    private final Seccomp profile;

    /**
     * A profile over some names.
     *
     * @param modest with rules for arguments such as are in use: a call has one rule that looks at
     *     several arguments, or several that look at one. For more, libseccomp 2.5.4 makes wrong
     *     filters, or never returns.
     */
    public RandomProfile(Random random, List<String> names, boolean modest) {
        this.random = random;
        this.names = names;
        this.modest = modest;
        Architecture[] family = pick(FAMILIES);
        nativeArchitecture = family[0];
        List<SyscallRule> rules = new ArrayList<>();
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            addRules(rules);
        }
        profile =
                new Seccomp(
                        pick(DEFAULT_ACTIONS),
                        errno(),
                        architectures(family),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        rules);
    }

    public Seccomp profile() {
        return profile;
    }

    public Architecture nativeArchitecture() {
        return nativeArchitecture;
    }

    private List<Architecture> architectures(Architecture[] family) {
        List<Architecture> some = new ArrayList<>();
        for (Architecture architecture : family) {
            if (random.nextBoolean()) {
                some.add(architecture);
            }
        }
        return some;
    }

    private void addRules(List<SyscallRule> rules) {
        switch (random.nextInt(4)) {
            case 0 -> {
                List<String> several = new ArrayList<>();
                int count = 1 + random.nextInt(60);
                for (int i = 0; i < count; i++) {
                    several.add(name());
                }
                rules.add(new SyscallRule(several, pick(ACTIONS), errno(), List.of()));
            }
            case 1 -> {
                // Several values of one argument, each with its own decision.
                String name = nameForConditions();
                int argument = argument(name);
                int count = 1 + random.nextInt(8);
                for (int i = 0; i < count; i++) {
                    ArgCondition condition =
                            new ArgCondition(argument, value(), value(), Operator.EQ);
                    rules.add(
                            new SyscallRule(
                                    List.of(name), pick(ACTIONS), errno(), List.of(condition)));
                }
            }
            case 2 -> {
                // Several conditions on one argument, with the same decision.
                String name = nameForConditions();
                int argument = argument(name);
                Action action = pick(ACTIONS);
                OptionalInt errno = errno();
                int count = 1 + random.nextInt(6);
                for (int i = 0; i < count; i++) {
                    ArgCondition condition =
                            modest && i > 0
                                    ? new ArgCondition(argument, value(), 0, Operator.EQ)
                                    : condition(argument);
                    rules.add(new SyscallRule(List.of(name), action, errno, List.of(condition)));
                }
            }
            default -> {
                // Conditions on several arguments.
                String name = nameForConditions();
                if (!modest || !isMultiplexed(name)) {
                    int count = modest ? 1 : 1 + random.nextInt(4);
                    for (int i = 0; i < count; i++) {
                        rules.add(
                                new SyscallRule(
                                        List.of(name), pick(ACTIONS), errno(), conditions()));
                    }
                }
            }
        }
    }

    private List<ArgCondition> conditions() {
        List<ArgCondition> conditions = new ArrayList<>();
        for (int argument = 0; argument < 6; argument++) {
            if (random.nextInt(3) == 0) {
                conditions.add(condition(argument));
            }
        }
        if (!modest && random.nextInt(4) == 0) {
            conditions.add(condition(random.nextInt(6)));
        }
        return conditions;
    }

    private ArgCondition condition(int argument) {
        return new ArgCondition(argument, value(), value(), pick(Operator.values()));
    }

    /** In a modest profile, one that has no rule with conditions yet. */
    private String nameForConditions() {
        String name = name();
        while (modest && !withConditions.add(name)) {
            name = name();
        }
        return name;
    }

    private int argument(String name) {
        return modest && isMultiplexed(name) ? 0 : random.nextInt(6);
    }

    private static boolean isMultiplexed(String name) {
        return Multiplexer.covers(SyscallTable.indexOf(name));
    }

    private long value() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(50);
            default -> VALUES[random.nextInt(VALUES.length)];
        };
    }

    private OptionalInt errno() {
        return random.nextInt(3) == 0
                ? OptionalInt.of(1 + random.nextInt(100))
                : OptionalInt.empty();
    }

    private String name() {
        // Multiplexed calls more often than others.
        if (random.nextInt(5) == 0) {
            String[] multiplexed = {"socket", "connect", "accept4", "semop", "shmat", "msgctl"};
            return pick(multiplexed);
        }
        return names.get(random.nextInt(names.size()));
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
