// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that become paths, and climb. */
@Requires({ROOT, JRUNC})
class NamesIT {
    @ParameterizedTest
    @Escape("crun-1.28-id")
    @ValueSource(strings = {".", "..", ".hidden", "../up", "a/b", "a/../../b", "/abs", "", "a\nb"})
    void idIsNeverAPath(String id) throws IOException {
        var bundle = Bundle.busybox().args("echo", "ran");
        Path root = Files.createDirectories(Sandbox.current().root());

        for (String command : new String[] {"run", "create"}) {
            Result made = bundle.invoke(command, id).run();
            assertNotEquals(0, made.status(), made::describe);
            assertEquals("", made.stdout());
        }
        for (String command : new String[] {"start", "state", "kill", "delete", "pause", "exec"}) {
            Result result = Sandbox.current().runtime(command, id, "x").run();
            assertNotEquals(0, result.status(), result::describe);
        }
        Sandbox.current().runtime("delete", "--force", id).run();

        try (Stream<Path> files = Files.list(root)) {
            assertEquals(0, files.count());
        }
        assertTrue(Files.isDirectory(Sandbox.current().directory()));
    }

    @ParameterizedTest
    @Escape("crun-1.29-sub-cgroup")
    @ValueSource(
            strings = {"..", "../..", "/..", "a/../..", "../../../..", "pids:..", "pids:/../.."})
    void cgroupOfExecIsBelowTheContainers(String path) {
        var container = Bundle.busybox().start("sleep", "60");
        String own = cgroups(container.exec("cat", "/proc/1/cgroup"));

        Result exec = container.exec("--cgroup", path, "cat", "/proc/self/cgroup");

        assertTrue(exec.status() != 0 || cgroups(exec).equals(own), exec::describe);
        assertTrue(exec.status() == 0 || exec.stdout().isEmpty(), exec::describe);
    }

    @ParameterizedTest
    @Escape("crun-1.28-delegate")
    @ValueSource(strings = {"..", "../..", "a/../../b", "/"})
    void annotationNamesNoCgroupElsewhere(String path) {
        var plain = Bundle.busybox().withoutNamespace("cgroup");
        plain.set("/annotations/run.oci.delegate-cgroup", path);

        plain.run("cat", "/proc/self/cgroup")
                .failsWith("run.oci.delegate-cgroup", "is no name of a cgroup");
    }

    private static String cgroups(Result cat) {
        return cat.output().lines().sorted().toList().toString();
    }
}
