// SPDX-License-Identifier: Apache-2.0
package cisteps;

import io.jrunc.sandbox.Cause;
import io.jrunc.sandbox.Result;
import io.jrunc.sandbox.Running;
import io.jrunc.sandbox.Sandbox;
import io.jrunc.sandbox.Sandboxes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Runs the steps of a build. */
public final class CiSteps {
    private final Sandbox box;
    private final OutputStream log;

    /**
     * Prepares a build.
     *
     * @param workspace that the steps write to, at /src
     * @param log receives what they print, as it comes
     */
    public CiSteps(Sandboxes boxes, Path workspace, Duration timeout, OutputStream log) {
        this.box =
                boxes.sandbox()
                        .hostUsr()
                        .bindWritable(workspace, "/src")
                        .workingDirectory("/src")
                        .memory(1L << 30)
                        .timeout(timeout)
                        .maxOutput(100 << 20);
        this.log = log;
    }

    /** Runs the steps until one fails; returns whether none has. */
    public boolean run(List<String> steps) throws IOException, InterruptedException {
        for (String step : steps) {
            print("+ " + step + "\n");
            try (Running running = box.start("sh", "-ec", "exec 2>&1; " + step)) {
                running.stdout().transferTo(log);
                Result result = running.await();
                if (!result.isSuccess()) {
                    print("failed: " + why(result) + "\n");
                    return false;
                }
            }
        }
        return true;
    }

    private static String why(Result result) {
        return result.cause() == Cause.EXIT
                ? "exit code " + result.exitCode()
                : result.cause().name();
    }

    private void print(String text) throws IOException {
        log.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Runs the steps that follow the workspace among the arguments. */
    public static void main(String[] args) throws Exception {
        List<String> steps = Arrays.asList(args).subList(1, args.length);
        try (Sandboxes boxes = Sandboxes.open(Path.of("/run/ci-steps"))) {
            CiSteps build =
                    new CiSteps(boxes, Path.of(args[0]), Duration.ofMinutes(10), System.out);
            if (!build.run(steps)) {
                System.exit(1);
            }
        }
    }
}
