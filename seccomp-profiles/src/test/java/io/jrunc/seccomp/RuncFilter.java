// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import io.jrunc.seccomp.compile.Alternative;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * The filter that runc makes: libseccomp's, behind a stub that answers ENOSYS for calls newer than
 * all those named. Source: runc libcontainer/seccomp.
 */
final class RuncFilter {
    private static final int ENOSYS = 0x0005_0026;
    private static final int X32_BIT = 1 << 30;
    private static final int CONDITION_SIZE = 24;
    private static final int MANY_CALLS = 32;

    private static LibSeccomp library;
    private static LibC libc;

    private final byte[] program;
    private final Simulator filter;
    private final Map<Architecture, Integer> newest = new EnumMap<>(Architecture.class);
    private final Set<Integer> values = new HashSet<>(Set.of(0));
    private final Seccomp accepted;
    private final long exportNanos;
    private int refused;
    private long steps;

    /** Why there is no libseccomp to compare with; empty if there is one. */
    static String missing() {
        try {
            library = LibSeccomp.load();
            libc = LibC.load();
            return library.seccomp_arch_native() == Architecture.X86_64.auditArch()
                    ? ""
                    : "the comparison is written for a libseccomp of x86-64";
        } catch (UnsatisfiedLinkError e) {
            return "libseccomp.so.2 (Debian package libseccomp2) is not installed: "
                    + e.getMessage();
        }
    }

    /**
     * Whether libseccomp knows a name, and from its number the name: rules go through our machine's
     * numbers, and for calls that it does not have, a few of those are ambiguous.
     */
    static boolean knows(String name) {
        int number = library.seccomp_syscall_resolve_name(name);
        return number != LibSeccomp.ERROR
                && name.equals(
                        library.seccomp_syscall_resolve_num_arch(
                                library.seccomp_arch_native(), number));
    }

    /** The number with libseccomp's meaning: negative for no call, or a multiplexed one. */
    static int number(Architecture architecture, String name) {
        return library.seccomp_syscall_resolve_name_arch(token(architecture), name);
    }

    /**
     * Makes a filter from the rules that libseccomp accepts: it refuses those that contradict
     * others. It is then made anew without them, since a refusal may corrupt what was added before.
     */
    static RuncFilter of(Seccomp profile, Architecture nativeArchitecture) {
        RuncFilter filter = new RuncFilter(profile, nativeArchitecture, MANY_CALLS);
        while (filter.refused > 0) {
            filter = new RuncFilter(filter.accepted, nativeArchitecture, MANY_CALLS);
        }
        return filter;
    }

    /** As runtimes make it that do not ask libseccomp for a tree; the rules must be consistent. */
    static RuncFilter linear(Seccomp profile, Architecture nativeArchitecture) {
        return new RuncFilter(profile, nativeArchitecture, Integer.MAX_VALUE);
    }

    private RuncFilter(Seccomp profile, Architecture nativeArchitecture, int manyCalls) {
        long begin = System.nanoTime();
        int defaultValue = profile.defaultAction().returnValue(profile.defaultErrnoRet().orElse(1));
        values.add(defaultValue);
        for (SyscallRule rule : profile.syscalls()) {
            values.add(rule.action().returnValue(rule.errnoRet().orElse(1)));
        }
        Pointer context = library.seccomp_init(defaultValue);
        try {
            Set<Architecture> architectures = new LinkedHashSet<>();
            architectures.add(nativeArchitecture);
            architectures.addAll(profile.architectures());
            if (nativeArchitecture != Architecture.X86_64) {
                check(
                        "arch_remove",
                        library.seccomp_arch_remove(context, token(Architecture.X86_64)));
                check("arch_add", library.seccomp_arch_add(context, token(nativeArchitecture)));
            }
            for (Architecture architecture : architectures) {
                if (architecture != nativeArchitecture) {
                    check("arch_add", library.seccomp_arch_add(context, token(architecture)));
                }
            }
            int calls = 0;
            for (SyscallRule rule : profile.syscalls()) {
                calls += rule.names().size();
            }
            if (calls > manyCalls) {
                library.seccomp_attr_set(
                        context, LibSeccomp.ATTRIBUTE_OPTIMIZE, LibSeccomp.BINARY_TREE);
            }
            accepted = addRules(context, profile, defaultValue);
            program = export(context);
            exportNanos = System.nanoTime() - begin;
            filter = new Simulator(program, SystemCall.order(nativeArchitecture));
            if (!profile.defaultAction().allows()) {
                for (Architecture architecture : architectures) {
                    findNewest(architecture);
                }
            }
        } finally {
            library.seccomp_release(context);
        }
    }

    /** The profile without the rules that libseccomp refuses because they contradict others. */
    Seccomp accepted() {
        return accepted;
    }

    /** As the kernel takes it, without the stub. */
    byte[] program() {
        return program.clone();
    }

    /** How long libseccomp took, from the first rule to the filter. */
    long exportNanos() {
        return exportNanos;
    }

    /** Instructions, without the stub. */
    int length() {
        return filter.length();
    }

    /** Instructions executed by the last run, without the stub. */
    long steps() {
        return steps;
    }

    int run(SystemCall call) {
        int value = filter.run(call);
        steps = filter.steps();
        if (!values.contains(value)) {
            // In a filter for another machine libseccomp leaves some values in our byte order.
            value = Integer.reverseBytes(value);
        }
        return isHidden(call) ? ENOSYS : value;
    }

    /** Whether the stub answers. */
    boolean isHidden(SystemCall call) {
        Architecture architecture = call.architecture();
        if (architecture == Architecture.X86_64 || architecture == Architecture.X32) {
            architecture = (call.number() & X32_BIT) != 0 ? Architecture.X32 : Architecture.X86_64;
        }
        Integer last = newest.get(architecture);
        if (last == null) {
            return false;
        }
        boolean isS390 = architecture == Architecture.S390 || architecture == Architecture.S390X;
        return Integer.compareUnsigned(call.number(), last) > 0 || (isS390 && call.number() == 0);
    }

    private void findNewest(Architecture architecture) {
        int last = 0;
        for (SyscallRule rule : accepted.syscalls()) {
            for (String name : rule.names()) {
                last = Math.max(last, number(architecture, name));
            }
        }
        if (last > 0) {
            newest.put(architecture, last);
        }
    }

    private Seccomp addRules(Pointer context, Seccomp profile, int defaultValue) {
        List<SyscallRule> taken = new ArrayList<>();
        for (SyscallRule rule : profile.syscalls()) {
            int value = rule.action().returnValue(rule.errnoRet().orElse(1));
            for (String name : rule.names()) {
                for (Alternative alternative : Alternative.of(rule, value)) {
                    if (value == defaultValue
                            || addRule(context, value, name, alternative.conditions())) {
                        taken.add(
                                new SyscallRule(
                                        List.of(name),
                                        rule.action(),
                                        rule.errnoRet(),
                                        alternative.conditions()));
                    } else {
                        refused++;
                    }
                }
            }
        }
        return new Seccomp(
                profile.defaultAction(),
                profile.defaultErrnoRet(),
                profile.architectures(),
                profile.flags(),
                profile.listenerPath(),
                profile.listenerMetadata(),
                taken);
    }

    private static boolean addRule(
            Pointer context, int value, String name, List<ArgCondition> conditions) {
        int number = library.seccomp_syscall_resolve_name(name);
        if (number == LibSeccomp.ERROR) {
            throw new AssertionError("libseccomp does not know " + name);
        }
        Pointer array =
                Memory.allocateDirect(
                        LibSeccomp.runtime(library), CONDITION_SIZE * (conditions.size() + 1));
        for (int i = 0; i < conditions.size(); i++) {
            ArgCondition condition = conditions.get(i);
            long offset = (long) CONDITION_SIZE * i;
            array.putInt(offset, condition.index());
            array.putInt(offset + 4, operator(condition.op()));
            array.putLong(offset + 8, condition.value());
            array.putLong(offset + 16, condition.valueTwo());
        }
        return library.seccomp_rule_add_array(context, value, number, conditions.size(), array)
                == 0;
    }

    private static int operator(Operator operator) {
        return switch (operator) {
            case NE -> 1;
            case LT -> 2;
            case LE -> 3;
            case EQ -> 4;
            case GE -> 5;
            case GT -> 6;
            case MASKED_EQ -> 7;
        };
    }

    /** {@code SCMP_ARCH_*}: as for the kernel, but for x32. */
    private static int token(Architecture architecture) {
        return architecture == Architecture.X32 ? 0x4000_003e : architecture.auditArch();
    }

    private static byte[] export(Pointer context) {
        int descriptor = libc.memfd_create("filter", 0);
        check("memfd_create", Math.min(descriptor, 0));
        try {
            check("export_bpf", library.seccomp_export_bpf(context, descriptor));
            return Files.readAllBytes(Path.of("/proc/self/fd/" + descriptor));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            libc.close(descriptor);
        }
    }

    private static void check(String call, int result) {
        if (result < 0) {
            throw new AssertionError(call + ": " + result);
        }
    }
}
