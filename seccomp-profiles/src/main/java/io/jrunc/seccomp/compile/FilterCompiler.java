// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Multiplexer;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.compile.Decision.Test;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Compiles a profile to a filter for seccomp(2).
 *
 * <p>For each architecture the rules become sorted intervals of system-call numbers that are
 * decided alike; these become a balanced tree of comparisons; and the tree becomes BPF. It decides
 * as the filter that runc makes with libseccomp does:
 *
 * <ul>
 *   <li>a rule without conditions goes before those with; between two such, the first one counts;
 *   <li>calls that socketcall(2) and ipc(2) multiplex are filtered there as well;
 *   <li>calls newer than all those that the profile names do not exist (ENOSYS), unless the default
 *       action lets them pass: programs then fall back to older calls;
 *   <li>an architecture that the filter does not cover kills the thread.
 * </ul>
 *
 * <p>A filter that notifies of any call has one decision more: {@link #AWAIT_LISTENER}.
 */
public final class FilterCompiler {
    /**
     * A system call that does not exist, on the native architecture. A filter that notifies of any
     * call notifies of this one, too. So a process that has loaded the filter can wait for the
     * listener without a call that the profile would have to allow.
     */
    public static final int AWAIT_LISTENER = 0x2c3d_4e5f;

    /** The error where a rule names none. */
    static final int EPERM = 1;

    /** The error of a call that is too new. */
    public static final int ENOSYS = 38;

    // Offsets in struct seccomp_data.
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;

    private final DecisionGraph graph = new DecisionGraph();
    private final Decision byDefault;
    private final Decision wrongArchitecture = graph.returning(Action.KILL_THREAD.returnValue(0));
    private final Decision noSuchCall = graph.returning(Action.ERRNO.returnValue(ENOSYS));
    private final boolean hidesNewCalls;
    private final boolean notifies;
    private final Architecture nativeArchitecture;

    /** Per rule of the profile its alternatives; none if it does what is done by default. */
    private final List<List<Alternative>> alternatives = new ArrayList<>();

    /** Per rule of the profile the indexes of its names. */
    private final List<int[]> names = new ArrayList<>();

    private final Set<Architecture> architectures = new LinkedHashSet<>();
    private final List<String> unknownNames = new ArrayList<>();

    private FilterCompiler(Seccomp profile, Architecture nativeArchitecture) {
        int defaultValue = defaultValue(profile);
        byDefault = graph.returning(defaultValue);
        hidesNewCalls = !profile.defaultAction().allows();
        notifies = profile.notifies();
        this.nativeArchitecture = nativeArchitecture;
        architectures.add(nativeArchitecture);
        architectures.addAll(profile.architectures());
        for (SyscallRule rule : profile.syscalls()) {
            add(rule, defaultValue);
        }
    }

    /** Compiles {@code profile}; {@code nativeArchitecture} is always covered. */
    public static BpfProgram compile(Seccomp profile, Architecture nativeArchitecture) {
        if (profile.bpfData().isPresent()) {
            return CompiledFilter.read(profile.bpfData().get());
        }
        FilterCompiler compiler = new FilterCompiler(profile, nativeArchitecture);
        return Assembler.assemble(compiler.byArchitecture(), compiler.unknownNames);
    }

    /** Returns what the filter returns where no rule applies. */
    public static int defaultValue(Seccomp profile) {
        return profile.defaultAction().returnValue(profile.defaultErrnoRet().orElse(EPERM));
    }

    /** Returns what the filter returns where the rule applies. */
    public static int value(SyscallRule rule) {
        return rule.action().returnValue(rule.errnoRet().orElse(EPERM));
    }

    /**
     * Returns what the program that {@link #compile} makes decides, before it becomes instructions.
     */
    public static Decision decide(Seccomp profile, Architecture nativeArchitecture) {
        return new FilterCompiler(profile, nativeArchitecture).byArchitecture();
    }

    private void add(SyscallRule rule, int defaultValue) {
        int value = value(rule);
        int[] indexes = new int[rule.names().size()];
        int known = 0;
        for (String name : rule.names()) {
            int index = SyscallTable.indexOf(name);
            if (isKnown(index)) {
                indexes[known++] = index;
            } else {
                unknownNames.add(name);
            }
        }
        alternatives.add(value == defaultValue ? List.of() : Alternative.of(rule, value));
        names.add(Arrays.copyOf(indexes, known));
    }

    private boolean isKnown(int index) {
        for (Architecture architecture : architectures) {
            if (SyscallTable.number(architecture, index) != SyscallTable.ABSENT) {
                return true;
            }
        }
        return index != SyscallTable.ABSENT && isMultiplexedSomewhere(index);
    }

    private boolean isMultiplexedSomewhere(int index) {
        for (Architecture architecture : architectures) {
            if (isMultiplexed(architecture, index)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMultiplexed(Architecture architecture, int index) {
        return Multiplexer.covers(index) && Multiplexer.isUsedOn(architecture);
    }

    /** The native architecture is the first to be recognised. */
    private Decision byArchitecture() {
        List<Architecture> tested = new ArrayList<>();
        for (Architecture architecture : architectures) {
            // x32 and x86-64 are one architecture to the kernel, and one tree here.
            boolean done = architecture == Architecture.X32 && has(Architecture.X86_64);
            if (!done) {
                tested.add(architecture);
            }
        }
        Decision decision = wrongArchitecture;
        for (int i = tested.size() - 1; i >= 0; i--) {
            Architecture architecture = tested.get(i);
            Intervals numbers = numbers(architecture);
            if (notifies && architecture == nativeArchitecture) {
                numbers.assign(
                        AWAIT_LISTENER,
                        AWAIT_LISTENER,
                        graph.returning(Action.NOTIFY.returnValue(0)));
            }
            Decision byNumber = numbers.treeOver(NUMBER, graph);
            decision =
                    graph.test(
                            Test.EQUAL, ARCHITECTURE, architecture.auditArch(), byNumber, decision);
        }
        return decision;
    }

    private boolean has(Architecture architecture) {
        return architectures.contains(architecture);
    }

    private Intervals numbers(Architecture architecture) {
        Intervals numbers = new Intervals(Intervals.MAX_WORD, byDefault);
        if (architecture == Architecture.X86_64 || architecture == Architecture.X32) {
            assignX86(numbers);
            return numbers;
        }
        assignRules(numbers, architecture);
        int newest = newestNamed(architecture);
        if (newest > 0) {
            numbers.assign(newest + 1L, Intervals.MAX_WORD, noSuchCall);
            if (architecture == Architecture.S390 || architecture == Architecture.S390X) {
                // A number that does not fit into the instruction, and that the kernel does not
                // know, arrives as 0; there is no such call.
                numbers.assign(0, 0, noSuchCall);
            }
        }
        return numbers;
    }

    private void assignX86(Intervals numbers) {
        long x32Bit = SyscallTable.X32_BIT;
        if (has(Architecture.X86_64)) {
            assignRules(numbers, Architecture.X86_64);
        } else {
            numbers.assign(0, x32Bit - 1, wrongArchitecture);
        }
        if (has(Architecture.X32)) {
            assignRules(numbers, Architecture.X32);
        } else {
            // Not -1: with it a tracer says that the call is to be skipped, see seccomp(2).
            numbers.assign(x32Bit, Intervals.MAX_WORD - 1, wrongArchitecture);
        }
        if (has(Architecture.X86_64)) {
            int newest = newestNamed(Architecture.X86_64);
            if (newest > 0) {
                numbers.assign(newest + 1L, x32Bit - 1, noSuchCall);
                numbers.assign(2 * x32Bit, 3 * x32Bit - 1, noSuchCall);
            }
        }
        if (has(Architecture.X32)) {
            int newest = newestNamed(Architecture.X32);
            if (newest > 0) {
                numbers.assign(newest + 1L, 2 * x32Bit - 1, noSuchCall);
                numbers.assign(3 * x32Bit, Intervals.MAX_WORD, noSuchCall);
            }
        }
    }

    /**
     * Returns the highest number of a call that the profile names; 0 for none, or if new calls need
     * not be hidden. As in runc, calls that may be multiplexed do not count where they may.
     */
    private int newestNamed(Architecture architecture) {
        int newest = 0;
        if (!hidesNewCalls) {
            return newest;
        }
        boolean multiplexes = Multiplexer.isUsedOn(architecture);
        for (int[] indexes : names) {
            for (int index : indexes) {
                if (!multiplexes || !Multiplexer.covers(index)) {
                    newest = Math.max(newest, SyscallTable.number(architecture, index));
                }
            }
        }
        return newest;
    }

    /**
     * Returns whether a call does not exist for a filter, since it is newer than all those it
     * names.
     */
    public static boolean hides(Seccomp profile, Architecture architecture, int number) {
        int newest = new FilterCompiler(profile, architecture).newestNamed(architecture);
        boolean isS390 = architecture == Architecture.S390 || architecture == Architecture.S390X;
        return newest > 0 && (number > newest || isS390 && number == 0);
    }

    private void assignRules(Intervals numbers, Architecture architecture) {
        new RuleCollector(architecture, graph, byDefault).assign(alternatives, names, numbers);
    }
}
