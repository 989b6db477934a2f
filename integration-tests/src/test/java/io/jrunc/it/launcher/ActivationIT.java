// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.launcher;

import static io.jrunc.it.harness.Feature.BASH;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Descriptors that a service manager has opened. Source: sd_listen_fds(3), runc's run(8). */
@Requires({ROOT, BASH})
class ActivationIT {
    private static final String SHOW = "env | grep ^LISTEN | sort; ls /proc/self/fd | head -n -1";

    /** Opens three descriptors, sets LISTEN_PID to its own pid, and executes the command. */
    private static String[] manager(String... variables) {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(Arrays.asList(variables));
        Path[] files = {file("first"), file("second"), file("third")};
        command.addAll(List.of("bash", "-c"));
        command.add(
                "exec 3<%s 4<%s 5<%s; LISTEN_PID=${LISTEN_PID-$$} exec \"$@\""
                        .formatted((Object[]) files));
        command.add("bash");
        return command.toArray(new String[0]);
    }

    private static Path file(String content) {
        try {
            return Files.writeString(Sandbox.current().freshFile("file"), content + "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Result run(Bundle bundle, String script, String... manager) {
        bundle.args("sh", "-c", script);
        String id = Sandbox.current().freshId();
        return bundle.invoke("run", id).under(manager(manager)).run();
    }

    @Test
    void environmentAnnouncesTheInheritedDescriptors() {
        Result run = run(Bundle.busybox(), SHOW + "; cat <&4", "LISTEN_FDS=2");

        assertEquals(
                List.of("LISTEN_FDS=2", "LISTEN_PID=1", "0", "1", "2", "3", "4", "second"),
                run.lines());
    }

    @Test
    void createdContainerGetsThemToo() {
        var bundle = Bundle.busybox().args("sh", "-c", SHOW + "; cat <&3");
        Container container = bundle.container();
        Result create =
                bundle.invoke("create", container.id()).under(manager("LISTEN_FDS=1")).run();
        assertEquals("", create.output());

        container.start().output();
        container.awaitEnd();

        assertEquals(
                List.of("LISTEN_FDS=1", "LISTEN_PID=1", "0", "1", "2", "3", "first"),
                create.lines());
    }

    @Test
    void preservedDescriptorsFollow() {
        var bundle = Bundle.busybox().args("sh", "-c", SHOW + "; cat <&4");

        Result run =
                bundle.invoke("run", "--preserve-fds", "1", Sandbox.current().freshId())
                        .under(manager("LISTEN_FDS=1"))
                        .run();

        assertEquals(
                List.of("LISTEN_FDS=1", "LISTEN_PID=1", "0", "1", "2", "3", "4", "second"),
                run.lines());
    }

    @Test
    void variablesForAnotherProcessAreIgnored() {
        Result other = run(Bundle.busybox(), SHOW, "LISTEN_FDS=2", "LISTEN_PID=1");

        assertEquals(List.of("0", "1", "2"), other.lines());
    }

    @Test
    void variablesOfTheSpecificationGiveWay() {
        var bundle = Bundle.busybox().env("LISTEN_FDS=7", "LISTEN_PID=8");

        assertEquals(
                List.of("LISTEN_FDS=1", "LISTEN_PID=1", "0", "1", "2", "3"),
                run(bundle, SHOW, "LISTEN_FDS=1").lines());
    }

    @Test
    @Requires(JRUNC) // runc drops the names
    void namesComeAlong() {
        Result run = run(Bundle.busybox(), SHOW, "LISTEN_FDS=2", "LISTEN_FDNAMES=http:log");

        assertEquals("LISTEN_FDNAMES=http:log", run.lines().get(0));
    }

    @Test
    @Requires(JRUNC) // runc says 1 whatever it is
    void pidIsThatWhichTheProgramHas() {
        var bundle = Bundle.busybox().withoutNamespace("pid");

        Result run =
                run(bundle, "[ $LISTEN_PID = $$ ] && [ $$ != 1 ] && echo same", "LISTEN_FDS=1");

        assertEquals("same", run.output());
    }

    @Test
    @Requires(JRUNC) // runc ignores the first, and the second fails in another way
    void badCountIsRefused() {
        run(Bundle.busybox(), "true", "LISTEN_FDS=two")
                .failsWith("LISTEN_FDS: .*two.* is no count");
        run(Bundle.busybox(), "true", "LISTEN_FDS=-1").failsWith("LISTEN_FDS: .*-1.* is no count");
        run(Bundle.busybox(), "true", "LISTEN_FDS=4")
                .failsWith("LISTEN_FDS: .*4.* counts descriptor 6, which the caller did not pass");
    }

    /** They are for the container's program. */
    @Test
    void furtherProcessGetsNone() {
        Container container = Bundle.busybox().start("sleep", "60");

        Result exec = container.execution("sh", "-c", SHOW).under(manager("LISTEN_FDS=2")).run();

        assertEquals(List.of("0", "1", "2"), exec.lines());
    }
}
