// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.process;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.NO_LABELS;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Labels where no module knows them: asked for in vain, they must not be forgotten. What they do
 * where one does, the suites {@code apparmor} and {@code selinux} in {@code vm} show.
 */
@Requires({ROOT, NO_LABELS})
class LabelsIT {
    @ParameterizedTest
    @CsvSource({
        "/process/apparmorProfile, process.apparmorProfile, AppArmor",
        "/process/selinuxLabel, process.selinuxLabel, SELinux",
        "/linux/mountLabel, linux.mountLabel, SELinux"
    })
    @Requires(JRUNC)
    void labelNeedsItsModule(String pointer, String field, String module) {
        Bundle bundle = Bundle.busybox().args("true").set(pointer, "a:b:c:s0");

        Result run = bundle.invoke("run", Sandbox.current().freshId()).run();

        run.failsWith(field + ": .* needs " + module + ", which is not enabled; remove it");
        assertEquals(List.of(), Sandbox.current().remains());
    }

    @ParameterizedTest
    @CsvSource({"--apparmor, AppArmor", "--process-label, SELinux"})
    @Requires(JRUNC)
    void labelOfExecNeedsItsModule(String option, String module) {
        Container container = Bundle.busybox().start("sleep", "60");

        Result exec = Sandbox.current().runtime("exec", option, "x", container.id(), "true").run();

        assertEquals(255, exec.status(), exec::describe);
        assertTrue(
                exec.stderr().contains(" needs " + module + ", which is not enabled; remove it"),
                exec::describe);
    }

    @Test
    @Requires(JRUNC)
    void labelsOfItsOwnNeedSelinux() {
        Path directory = Sandbox.current().freshDirectory("bundle");

        Result spec = Sandbox.current().runtime("spec", "--selinux").in(directory).run();

        spec.failsWith("--selinux: SELinux is not enabled here; leave it out, or enable it");
        assertFalse(Files.exists(directory.resolve("config.json")));
    }
}
