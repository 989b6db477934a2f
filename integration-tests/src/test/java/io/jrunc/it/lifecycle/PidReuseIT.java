// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.NEXT_PID;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container's init is gone, and the kernel has reused its pid. */
@Requires({ROOT, JRUNC})
@Escape("pid-reuse")
class PidReuseIT {
    private static final String WRONG_START = "\"init_process_start\":1,";

    /** In a pid namespace of our own the next pid can be chosen: proc(5), ns_last_pid. */
    private static final String REUSE =
            """
            set -eu
            jrunc="$1 --root $2"; bundle=$3; id=$4
            $jrunc run --detach --bundle $bundle --pid-file $2.pid $id </dev/null >$2.out 2>&1
            pid=$(cat $2.pid)
            kill -KILL $pid
            while [ -d /proc/$pid ]; do wait; done
            taken=
            for attempt in 1 2 3 4 5 6 7 8 9; do
              echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
              sleep 600 &
              taken=$!
              [ $taken = $pid ] && break
              kill $taken; wait $taken || :
            done
            [ $taken = $pid ] || { echo "$pid is not $taken"; exit 9; }
            $jrunc state $id | grep '"status"'
            $jrunc kill $id KILL || echo refused
            $jrunc kill --all $id KILL || echo refused
            $jrunc exec $id true || echo refused
            $jrunc start $id || echo refused
            $jrunc delete $id
            kill -0 $pid && echo the other one lives
            """;

    private Sandbox sandbox;

    @BeforeEach
    void enterTheSandbox() {
        sandbox = Sandbox.current();
    }

    @Test
    @Requires({ROOT, JRUNC, NEXT_PID})
    void newOwnerOfThePidIsNotSignalled() {
        var bundle = Bundle.busybox().args("sleep", "600").write();
        String id = sandbox.freshId();

        Result all =
                sandbox.command(
                                "unshare",
                                "--pid",
                                "--fork",
                                "--kill-child",
                                "--mount-proc",
                                "sh",
                                "-c",
                                REUSE,
                                "sh",
                                Program.path(),
                                sandbox.root().toString(),
                                bundle.directory().toString(),
                                id)
                        .run();

        assertEquals(
                """
                "status": "stopped",
                refused
                refused
                refused
                the other one lives""",
                all.output().replaceAll("(?m)^ +", ""),
                all::describe);
    }

    /** The same where no pid can be chosen: the state names a process of this test. */
    @Test
    void processOfAnotherStartTimeIsNotInit() throws IOException {
        Container container = Bundle.busybox().start("sleep", "600");
        long pid = container.pid();
        Path file = sandbox.root().resolve(container.id()).resolve("state.json");
        String before = Files.readString(file);
        Files.writeString(file, before.replaceFirst("\"init_process_start\":\\d+,", WRONG_START));

        assertEquals("stopped", container.status());
        assertEquals(0, container.stateDocument().get("pid").asInt(-1));
        container.kill("KILL").failsWith("container not running");
        assertEquals(255, container.exec("true").status());
        container.start().failsWith("cannot start a container that has stopped");
        assertEquals("sleep\000600\000", Host.proc(pid, "cmdline").orElse("gone"));

        Files.writeString(file, before);
        assertEquals("running", container.status());
    }
}
