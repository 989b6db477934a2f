// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.sandbox;

import io.jrunc.sandbox.Limits;
import io.jrunc.sandbox.Sandbox;
import io.jrunc.sandbox.Sandboxes;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures sandboxes beside other ways to run a program, one after the other in turns, so that all
 * of them meet the same load: {@code benchmarks/sandbox} starts it.
 */
public final class SandboxBenchmark {
    private static final int WARM_UP = 300;
    private static final long GAP_MILLIS = 10;
    private static final int KIB = 1024;

    private SandboxBenchmark() {}

    /** Something to be measured. */
    private interface Way {
        void run() throws Exception;
    }

    /**
     * Measures.
     *
     * @param args a directory with {@code rootfs}, in which there is busybox as {@code bin/true},
     *     and {@code bundle}, a bundle of the same for crun; and {@code first}, {@code times N},
     *     {@code parallel N} or {@code soak N}
     */
    public static void main(String[] args) throws Exception {
        long begun = System.nanoTime();
        Path work = Path.of(args[0]);
        try (Sandboxes boxes = Sandboxes.open(work.resolve("boxes"))) {
            Sandbox box = boxes.sandbox().rootfs(work.resolve("rootfs"));
            int count = args.length > 2 ? Integer.parseInt(args[2]) : 0;
            switch (args[1]) {
                case "first" -> {
                    require(box.run("true").isSuccess());
                    System.out.printf("%.0f%n", (System.nanoTime() - begun) / 1e6);
                }
                case "times" -> times(work, box, count);
                case "parallel" -> parallel(box, count);
                case "soak" -> soak(box, count);
                default -> throw new IllegalArgumentException(args[1]);
            }
        }
    }

    private static void require(boolean success) {
        if (!success) {
            throw new IllegalStateException("a program that should have succeeded has failed");
        }
    }

    private static void times(Path work, Sandbox box, int count) throws Exception {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("sandbox", () -> require(box.run("true").isSuccess()));
        Sandbox free = box.limits(Limits.NONE);
        ways.put("sandbox without cgroups", () -> require(free.run("true").isSuccess()));
        String root = work.resolve("rootfs").toString();
        if (isInstalled("crun")) {
            AtomicInteger number = new AtomicInteger();
            String bundle = work.resolve("bundle").toString();
            ways.put(
                    "crun run",
                    () -> process("crun", "run", "-b", bundle, "b" + number.incrementAndGet()));
        }
        if (isInstalled("bwrap")) {
            ways.put(
                    "bwrap --unshare-all",
                    () ->
                            process(
                                    "bwrap",
                                    "--unshare-all",
                                    "--die-with-parent",
                                    "--ro-bind",
                                    root,
                                    "/",
                                    "--proc",
                                    "/proc",
                                    "--dev",
                                    "/dev",
                                    "true"));
        }
        ways.put("ProcessBuilder", () -> process(root + "/bin/busybox", "true"));
        for (int i = 0; i < WARM_UP; i++) {
            ways.get("sandbox").run();
            ways.get("sandbox without cgroups").run();
        }
        Map<String, long[]> nanos = new LinkedHashMap<>();
        ways.keySet().forEach(name -> nanos.put(name, new long[count]));
        for (int turn = 0; turn < count; turn++) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                Thread.sleep(GAP_MILLIS);
                long start = System.nanoTime();
                way.getValue().run();
                nanos.get(way.getKey())[turn] = System.nanoTime() - start;
            }
        }
        print(nanos);
    }

    private static void print(Map<String, long[]> nanos) {
        double ours = median(nanos.get("sandbox"));
        System.out.println("| | median ms | the sandbox is, × this |\n|---|---:|---:|");
        nanos.forEach(
                (name, times) ->
                        System.out.printf(
                                "| %s | %.2f | %.2f |%n",
                                name, median(times) / 1e6, ours / median(times)));
    }

    private static double median(long[] times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> new File(directory, program).canExecute());
    }

    private static void process(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output);
        }
    }

    private static void parallel(Sandbox box, int count) throws InterruptedException {
        long start = System.nanoTime();
        CountDownLatch ended = new CountDownLatch(count);
        AtomicInteger succeeded = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            Thread thread =
                    new Thread(
                            () -> {
                                try {
                                    if (box.run("sleep", "2").isSuccess()) {
                                        succeeded.incrementAndGet();
                                    }
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                } finally {
                                    ended.countDown();
                                }
                            });
            thread.start();
        }
        ended.await();
        System.out.printf(
                "%d of %d at once, each sleeping 2 s: %.1f s%n",
                succeeded.get(), count, (System.nanoTime() - start) / 1e9);
        require(succeeded.get() == count);
    }

    /** Fails if the memory, the descriptors or the threads of this JVM grow after a fifth. */
    private static void soak(Sandbox box, int count) throws Exception {
        long[] early = new long[3];
        for (int i = 1; i <= count; i++) {
            require(box.run("echo", "number " + i).stdout().equals("number " + i + "\n"));
            if (i == count / 5) {
                early = resources();
            }
            if (i % (count / 10) == 0) {
                System.out.println(
                        i + ": KiB, descriptors, threads " + Arrays.toString(resources()));
            }
        }
        long[] late = resources();
        long mebibytes = (late[0] - early[0]) / KIB;
        System.out.println("grown by " + mebibytes + " MiB since the first fifth");
        require(mebibytes < 16 && late[1] <= early[1] + 2 && late[2] <= early[2] + 2);
    }

    private static long[] resources() throws IOException {
        System.gc();
        long rss = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                rss = Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return new long[] {
            rss, new File("/proc/self/fd").list().length, new File("/proc/self/task").list().length
        };
    }
}
