package io.jrunc.seccomp;

import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * Compares our filter for the default profile with libseccomp's: time to compile, instructions, and
 * instructions executed per call. Run {@code main} of the test classes.
 */
public final class FilterBenchmark {
    private static final int ROUNDS = 400;
    private static final int NUMBERS = 450;

    private FilterBenchmark() {}

    /** Prints the comparison. */
    public static void main(String[] arguments) {
        Seccomp profile = Profiles.byDefault();
        long begin = System.nanoTime();
        BpfProgram first = FilterCompiler.compile(profile, Architecture.X86_64);
        long cold = System.nanoTime() - begin;
        long[] nanos = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            begin = System.nanoTime();
            FilterCompiler.compile(profile, Architecture.X86_64);
            nanos[i] = System.nanoTime() - begin;
        }
        System.out.println("ours, whole profile: " + first.length() + " instructions");
        System.out.println("  compile, first time: " + cold / 1000 + " us");
        System.out.println("  compile, warm median: " + median(nanos) / 1000 + " us");
        String missing = RuncFilter.missing();
        if (!missing.isEmpty()) {
            System.out.println(missing);
            return;
        }
        compare(Profiles.restricted(profile, RuncFilter::knows));
    }

    private static void compare(Seccomp profile) {
        Simulator ours = Simulator.of(FilterCompiler.compile(profile, Architecture.X86_64));
        long[] nanos = new long[20];
        RuncFilter theirs = RuncFilter.of(profile, Architecture.X86_64);
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = RuncFilter.of(profile, Architecture.X86_64).exportNanos();
        }
        System.out.println("names that libseccomp knows");
        System.out.println("  ours: " + ours.length() + " instructions");
        System.out.println("  libseccomp: " + theirs.length() + " instructions, without stub");
        System.out.println("  libseccomp, compile median: " + median(nanos) / 1000 + " us");
        for (Architecture architecture :
                new Architecture[] {Architecture.X86_64, Architecture.X86}) {
            steps(
                    "ours on " + architecture,
                    architecture,
                    call -> {
                        ours.run(call);
                        return ours.steps();
                    });
            steps(
                    "libseccomp on " + architecture,
                    architecture,
                    call -> {
                        theirs.run(call);
                        return theirs.steps();
                    });
        }
    }

    private static void steps(
            String label, Architecture architecture, ToLongFunction<SystemCall> filter) {
        long sum = 0;
        long worst = 0;
        for (int number = 0; number < NUMBERS; number++) {
            long steps = filter.applyAsLong(new SystemCall(architecture, number));
            sum += steps;
            worst = Math.max(worst, steps);
        }
        System.out.println(
                "  "
                        + label
                        + ": mean "
                        + Math.round(10.0 * sum / NUMBERS) / 10.0
                        + " steps, worst "
                        + worst);
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }
}
