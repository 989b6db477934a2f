// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.BASH;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A working directory, or a program, named by the number of a descriptor of the runtime or its
 * caller that refers to a directory of the host.
 */
@Requires({ROOT, BASH})
@Escape("CVE-2024-21626")
class LeakedDescriptorIT {
    private static final int LAST = 100;

    /** Opens the descriptors 3 to 52 on the host's root. */
    private static final String[] HOLDING_THE_ROOT = {
        "bash", "-c", "for i in {3..52}; do eval \"exec $i</\"; done; exec \"$@\"", "bash"
    };

    /** In a program that has many of its own open, such as this one. */
    @ParameterizedTest
    @Requires({ROOT, JRUNC})
    @ValueSource(strings = {"", "/..", "/../../../.."})
    void noNumberIsAWorkingDirectoryOutside(String climb) {
        var bundle = Bundle.busybox().args("ls");
        try (var library = new Library()) {
            for (int number = 3; number <= LAST; number++) {
                bundle.cwd("/proc/self/fd/" + number + climb);

                Optional<Failure> failure = library.create(bundle, made -> {});

                assertTrue(failure.isPresent(), "made with the descriptor " + number);
            }
        }
    }

    @Test
    void noNumberOfTheCallersIsAWorkingDirectory() {
        for (int number = 3; number <= 20; number++) {
            var bundle = Bundle.busybox().cwd("/proc/self/fd/" + number).args("ls");

            Result run = bundle.invoke("run", fresh()).under(HOLDING_THE_ROOT).run();

            assertEquals(1, run.status(), run::describe);
            assertEquals("", run.stdout(), run::describe);
        }
    }

    @Test
    void noNumberIsAWorkingDirectoryOfExec() {
        Container container = Bundle.busybox().start("sleep", "600");
        for (int number = 3; number <= 20; number++) {
            Result exec =
                    container
                            .execution("--cwd", "/proc/self/fd/" + number, "ls")
                            .under(HOLDING_THE_ROOT)
                            .run();

            // One may be the container's own root, which is inside; there is no /usr in it.
            assertFalse(exec.stdout().contains("usr"), exec::describe);
        }
    }

    /** A program with many open descriptors creates a container, and executes a process in it. */
    @Test
    @Requires({ROOT, JRUNC})
    void nothingOfAProgramIsInheritedByItsContainers() {
        var bundle = Bundle.busybox().writable();
        String look = "ls -l /proc/self/fd | sed 's/.*:.. //' >/seen; mv /seen /$0";
        try (var library = new Library();
                var made = library.make(bundle.args("sh", "-c", look + "; sleep 60", "first"))) {
            made.start();
            Path first = bundle.inside("/first");
            assertTrue(Host.becomes(5000, () -> Files.exists(first)));
            library.exec(made, library.process(bundle.args("sh", "-c", look, "second")));
            for (Path seen : List.of(first, bundle.inside("/second"))) {
                List<String> held =
                        Result.text(seen).lines().filter(l -> l.contains("->")).toList();
                // 0, 1, 2, and perhaps what is listed.
                assertTrue(held.size() >= 3 && held.size() <= 4, held::toString);
            }
            made.delete(true, warning -> {});
        }
    }

    /** The image's link is as good as the number itself. */
    @Test
    void linkToANumberIsNoWorkingDirectoryEither() {
        for (int number = 3; number <= 10; number++) {
            var bundle = Bundle.busybox().link("/link", "/proc/self/fd/" + number);

            Result run =
                    bundle.cwd("/link")
                            .args("ls")
                            .invoke("run", fresh())
                            .under(HOLDING_THE_ROOT)
                            .run();

            assertEquals(1, run.status(), run::describe);
            assertEquals("", run.stdout(), run::describe);
        }
    }

    @Test
    void noProgramOfTheHostIsRunThroughANumber() {
        Container container = Bundle.busybox().start("sleep", "600");
        for (int number = 3; number <= 20; number++) {
            String program = "/proc/self/fd/" + number + "/bin/bash";

            var bundle = Bundle.busybox().args(program, "-c", "echo out");
            Result run = bundle.invoke("run", fresh()).under(HOLDING_THE_ROOT).run();
            Result exec =
                    container.execution(program, "-c", "echo out").under(HOLDING_THE_ROOT).run();

            assertNotEquals(0, run.status(), run::describe);
            assertNotEquals(0, exec.status(), exec::describe);
            assertEquals("", run.stdout() + exec.stdout());
        }
    }

    private static String fresh() {
        return Sandbox.current().freshId();
    }
}
