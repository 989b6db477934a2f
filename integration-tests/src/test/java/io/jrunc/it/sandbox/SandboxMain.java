// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.sandbox;

import io.jrunc.linux.Failure;
import io.jrunc.sandbox.Limits;
import io.jrunc.sandbox.Result;
import io.jrunc.sandbox.Running;
import io.jrunc.sandbox.Sandbox;
import io.jrunc.sandbox.Sandboxes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A program that uses sandboxes. */
public final class SandboxMain {
    private SandboxMain() {}

    /**
     * Uses one.
     *
     * @param args the directory of sandboxes, a root file system, what to do, and a file: {@code
     *     hold} one until this is killed, {@code refuse} to do without limits, do with {@code
     *     best-effort}, write to the file as a {@code workspace}, or execute it as a {@code jar}
     */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[3]);
        try (Sandboxes boxes = Sandboxes.open(Path.of(args[0]))) {
            Sandbox box = boxes.sandbox().rootfs(Path.of(args[1])).timeout(Duration.ofSeconds(60));
            switch (args[2]) {
                case "hold" -> hold(box, file);
                case "refuse" -> System.out.println(refusal(box));
                case "best-effort" ->
                        print(box.limits(Limits.BEST_EFFORT).run("sh", "-c", "id -u; exit 4"));
                case "workspace" ->
                        print(
                                box.limits(Limits.BEST_EFFORT)
                                        .bindWritable(file.getParent(), "/work")
                                        .run(
                                                "sh",
                                                "-c",
                                                "echo text > /work/" + file.getFileName()));
                case "jar" -> print(box.bind(file, "/app.jar").run("/app.jar", "a", "b"));
                default -> throw new IllegalArgumentException(args[2]);
            }
        }
    }

    private static void hold(Sandbox box, Path ready) throws Exception {
        try (Running running = box.timeout(Duration.ofMinutes(5)).start("sleep", "300")) {
            Files.writeString(ready, "ready");
            running.await();
        }
    }

    private static String refusal(Sandbox box) throws InterruptedException {
        try {
            return box.run("true").toString();
        } catch (Failure f) {
            return f.code() + " " + f.getMessage();
        }
    }

    private static void print(Result result) {
        System.out.println(
                result.cause()
                        + " "
                        + result.exitCode()
                        + " "
                        + result.stdout().strip()
                        + result.stderr().strip());
    }
}
