// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cgroup;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Source: runc's pause(8), resume(8), ps(8). */
@Requires(ROOT)
class PauseIT {
    private Container container;

    @BeforeEach
    void startAContainer() {
        container = Bundle.busybox().start("sleep", "60");
    }

    @Test
    void pausedContainerDoesNothingUntilItIsResumed() {
        Container clock =
                Bundle.busybox().start("sh", "-c", "while true; do echo tick; usleep 20000; done");

        clock.pause().output();
        assertEquals("paused", clock.status());
        String before = clock.output();
        Host.pause(200);
        assertEquals(before, clock.output());

        clock.resume().output();
        assertEquals("running", clock.status());
        assertTrue(Host.becomes(3000, () -> clock.output().length() > before.length()));
    }

    @Test
    void createdContainerMayBePaused() {
        Container created = Bundle.busybox().create("sleep", "60");

        created.pause().output();
        created.start().failsWith("paused");
        created.resume().output();

        assertEquals("created", created.status());
    }

    @Test
    void pausingTwiceIsRefused() {
        container.pause().output();

        container.pause().failsWith("not running");
    }

    @Test
    void runningContainerIsNotResumed() {
        container.resume().failsWith("not paused");
    }

    @Test
    void pausedContainerIsKilled() {
        container.pause().output();

        container.kill("KILL").output();

        assertTrue(Host.becomes(3000, () -> container.status().equals("stopped")));
    }

    /** On v1, frozen processes cannot die, and none may run between thaw and end. */
    @ParameterizedTest
    @ValueSource(strings = {"kill", "kill --all", "delete --force"})
    @Requires(JRUNC) // runc 1.1 does not thaw after --all
    void pausedProcessesDieTogether(String command) {
        Bundle bundle = Bundle.busybox().set("/root/readonly", false);
        Path sign = bundle.inside("/sign");
        String tick = "while true; do echo >> /sign; done";
        Container many = bundle.withoutNamespace("pid").start("sh", "-c", tick + " & " + tick);
        assertTrue(Host.becomes(3000, () -> Files.exists(sign)));
        many.pause().output();
        long size = sign.toFile().length();

        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        words.add(many.id());
        if (!words.contains("delete")) {
            words.add("KILL");
        }
        Sandbox.current().runtime(words).run().output();

        assertEquals(List.of(), Host.processes(many.id()));
        assertEquals(size, sign.toFile().length());
    }

    @Test
    void pausedContainerIsDeletedByForce() {
        container.pause().output();

        container.delete("--force").output();
    }

    @Test
    void nothingIsExecutedInAPausedContainer() {
        container.pause().output();

        Result exec = container.exec("true");

        assertEquals(255, exec.status(), exec::describe);
        assertTrue(exec.stderr().contains("cannot exec in a paused container"), exec::describe);
    }

    @Test
    void processesArePidsOfTheHost() {
        String init = Long.toString(container.pid());

        assertEquals("[" + init + "]", container.ps("--format", "json").output());
        assertTrue(container.ps().lines().get(0).startsWith("UID"));
        assertEquals(2, container.ps().lines().size());
        assertTrue(container.ps().lines().get(1).contains(init));
    }
}
