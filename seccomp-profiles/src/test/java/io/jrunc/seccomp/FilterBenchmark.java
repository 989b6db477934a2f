// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import io.jrunc.seccomp.compile.BpfProgram;
import io.jrunc.seccomp.compile.FilterCompiler;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Compares our filter for the default profile with libseccomp's: time to compile and to load,
 * instructions, and instructions that a call costs. No test by its name: {@code benchmarks/seccomp}
 * runs it and says where the results go.
 */
class FilterBenchmark {
    private static final int ROUNDS = 200;
    private static final int COLD_ROUNDS = 11;

    private final StringBuilder text = new StringBuilder();
    private final Seccomp whole = Profiles.byDefault();

    @Test
    void compare() throws IOException, InterruptedException {
        String missing = RuncFilter.missing();
        Assumptions.assumeTrue(missing.isEmpty(), missing);
        // For a fair comparison without names that this libseccomp does not know.
        Seccomp profile = Profiles.restricted(whole, RuncFilter::knows);
        byte[] ours = compiled(profile).toBytes(ByteOrder.nativeOrder());
        RuncFilter tree = RuncFilter.of(profile, Architecture.X86_64);
        RuncFilter linear = RuncFilter.linear(profile, Architecture.X86_64);

        line("", "jrunc", "libseccomp, tree", "libseccomp, linear");
        text.append("|---|---:|---:|---:|\n");
        times(profile);
        int instructions = ours.length / BpfProgram.INSTRUCTION_SIZE;
        line(
                "instructions",
                tenths(instructions),
                beside(tree.length(), instructions),
                beside(linear.length(), instructions));
        loads(ours, tree.program(), linear.program());
        Simulator simulator = new Simulator(ours, ByteOrder.nativeOrder());
        for (Architecture architecture :
                new Architecture[] {Architecture.X86_64, Architecture.X86}) {
            steps(architecture, simulator, tree, linear);
        }
        Files.writeString(Path.of(System.getProperty("benchmark.results")), text);
    }

    private static BpfProgram compiled(Seccomp profile) {
        return FilterCompiler.compile(profile, Architecture.X86_64);
    }

    private void times(Seccomp profile) throws IOException, InterruptedException {
        long[] warm = new long[ROUNDS];
        long[] tree = new long[ROUNDS / 4];
        long[] linear = new long[ROUNDS / 4];
        for (int i = 0; i < 20 * ROUNDS; i++) {
            compiled(profile);
        }
        for (int i = 0; i < ROUNDS; i++) {
            long begin = System.nanoTime();
            compiled(profile);
            warm[i] = System.nanoTime() - begin;
            if (i % 4 == 0) {
                tree[i / 4] = RuncFilter.of(profile, Architecture.X86_64).exportNanos();
                linear[i / 4] = RuncFilter.linear(profile, Architecture.X86_64).exportNanos();
            }
        }
        micros("compile, warm, µs", median(warm), median(tree), median(linear));
        long cold = median(cold(List.of()));
        micros("compile, first time in a new JVM, µs", cold, median(tree), median(linear));
        String flags = System.getProperty("benchmark.java", "");
        if (!flags.isEmpty()) {
            long archived = median(cold(Arrays.asList(flags.split("\n", -1))));
            micros(
                    "compile, first time, as the distribution starts Java, µs",
                    archived,
                    median(tree),
                    median(linear));
        }
    }

    /** Times of JVMs that compile once; {@code command} is how to start them, if not as this. */
    private static long[] cold(List<String> command) throws IOException, InterruptedException {
        String path =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> all = new ArrayList<>(command);
        if (command.isEmpty()) {
            all.addAll(List.of(System.getProperty("java.home") + "/bin/java", "-cp", path));
        } else {
            // An archive of classes fits a class path that begins with its own.
            all.set(all.size() - 1, all.get(all.size() - 1) + ":" + path);
        }
        all.add(ColdCompile.class.getName());
        long[] nanos = new long[COLD_ROUNDS];
        for (int i = 0; i < nanos.length; i++) {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .strip();
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", all) + ": " + said);
            }
            nanos[i] = Long.parseLong(said);
        }
        return nanos;
    }

    private void loads(byte[] ours, byte[] tree, byte[] linear) throws InterruptedException {
        FilterLoader[] loaders = {
            new FilterLoader(ours), new FilterLoader(tree), new FilterLoader(linear)
        };
        long[][] nanos = new long[loaders.length][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < loaders.length; i++) {
                nanos[i][round] = loaders[i].load();
            }
        }
        micros("load, µs", median(nanos[0]), median(nanos[1]), median(nanos[2]));
    }

    private void steps(
            Architecture architecture, Simulator ours, RuncFilter tree, RuncFilter linear) {
        List<ToLongFunction<SystemCall>> filters =
                List.of(
                        call -> {
                            ours.run(call);
                            return ours.steps();
                        },
                        call -> {
                            tree.run(call);
                            return tree.steps();
                        },
                        call -> {
                            linear.run(call);
                            return linear.steps();
                        });
        double[] mean = new double[filters.size()];
        double[] worst = new double[filters.size()];
        int calls = 0;
        for (int name = 0; name < SyscallTable.count(); name++) {
            int number = SyscallTable.number(architecture, name);
            if (number == SyscallTable.ABSENT) {
                continue;
            }
            calls++;
            for (int i = 0; i < mean.length; i++) {
                double steps =
                        (double) filters.get(i).applyAsLong(new SystemCall(architecture, number));
                mean[i] += steps;
                worst[i] = Math.max(worst[i], steps);
            }
        }
        String where = " on " + architecture + ", of " + calls + " calls";
        line(
                "instructions per call, mean" + where,
                tenths(mean[0] / calls),
                beside(mean[1] / calls, mean[0] / calls),
                beside(mean[2] / calls, mean[0] / calls));
        line(
                "instructions per call, worst" + where,
                tenths(worst[0]),
                beside(worst[1], worst[0]),
                beside(worst[2], worst[0]));
    }

    private void micros(String title, long ours, long tree, long linear) {
        line(
                title,
                tenths(ours / 1000.0),
                beside(tree / 1000.0, ours / 1000.0),
                beside(linear / 1000.0, ours / 1000.0));
    }

    /** A number, and how many times ours it is. */
    private static String beside(double theirs, double ours) {
        return tenths(theirs) + " (" + Math.round(100 * theirs / ours) / 100.0 + " ×)";
    }

    private static String tenths(double number) {
        double rounded = Math.round(10 * number) / 10.0;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : rounded + "";
    }

    private void line(String... cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static long median(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
