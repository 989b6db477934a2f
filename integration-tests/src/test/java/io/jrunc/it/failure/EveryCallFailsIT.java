// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.failure;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.guard.SabotagedMain;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.GuardedJava;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.HostPicture;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.RichBundle;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Sentence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each system call of a command fails in turn, whether Java makes it or has the container's side
 * make it: there is one clean sentence, or success where a call may fail; and no leak, not of a
 * process, a cgroup, a mount, a directory or a descriptor. docs/debugging.md describes how to
 * repeat one.
 */
@Requires({ROOT, JRUNC})
class EveryCallFailsIT {
    /** {@code -Dfault.every=1} takes every call where the table says: every n-th. */
    private static final int EVERY = Integer.getInteger("fault.every", 0);

    /** {@code -Dfault.call=N} takes that call only. */
    private static final int CALL = Integer.getInteger("fault.call", 0);

    private static final int FEWEST = 20;
    private static final int PAUSE_MILLIS = 1;
    private static final long TAKING_MILLIS = 1000;
    private static final long PATIENCE_SECONDS = 500;

    /** The lines of {@link SabotagedMain}. */
    private record Line(String call, String name, String errno, String outcome, String leaks) {
        static Line parse(String text) {
            String[] fields = text.split("\t", -1);
            assertEquals(5, fields.length, text);
            return new Line(fields[0], fields[1], fields[2], fields[3], fields[4]);
        }

        /** What is wrong; empty if nothing is. */
        String problem() {
            String what = "call " + call + ", " + name + " fails with " + errno + ": " + outcome;
            if (!leaks.equals("[]") && !isLostBirth()) {
                return what + "; leaks " + leaks;
            }
            boolean clean = outcome.equals("succeeded") || outcome.startsWith("failed ");
            return clean && Sentence.isClean(outcome) ? "" : what;
        }

        /**
         * The message with init's pid could not be received: init ends with its conversation, but
         * this process does not know which child to reap.
         */
        private boolean isLostBirth() {
            return name.equals("recvmsg")
                    && outcome.startsWith("failed create init")
                    && leaks.matches("\\[child [0-9]+]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "create, false, EPERM ENOMEM EACCES, 1",
        "create, true, ENOMEM EINVAL EPERM, 4",
        "run, true, EPERM ENOSYS EACCES, 4",
        "start, false, EPERM ENOMEM EACCES, 1",
        "exec, false, ENOMEM EPERM EACCES, 1",
        "delete, false, EPERM ENOMEM EACCES, 1",
    })
    void oneSentenceAndNoLeak(
            String what, boolean userNamespace, String errnos, int every, TestReporter reporter)
            throws IOException {
        HostPicture before = HostPicture.take();
        int stride = EVERY > 0 ? EVERY : every;
        Bundle bundle = RichBundle.make(userNamespace).args("sleep", "600");
        ServerSocketChannel terminals = null;
        String socket = "";
        if (userNamespace) {
            socket = Sandbox.current().freshFile("console").toString();
            bundle.set("/process/terminal", true);
            terminals = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            terminals.bind(UnixDomainSocketAddress.of(socket)).configureBlocking(false);
        }
        bundle.write();
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                what,
                                bundle.directory().toString(),
                                Sandbox.current().root().toString(),
                                Sandbox.current().freshId(),
                                socket));
        arguments.addAll(List.of(errnos.split(" ", -1)));

        List<String> command = GuardedJava.command(SabotagedMain.class, arguments);
        command.addAll(1, List.of("-Dfault.every=" + stride, "-Dfault.call=" + CALL));
        Invocation.Running running =
                Sandbox.current().command(command).patience(PATIENCE_SECONDS).start();
        takeTerminals(terminals, running);
        Result all = running.await();
        if (terminals != null) {
            terminals.close();
        }

        List<Line> lines = all.lines().stream().map(Line::parse).toList();
        List<String> problems =
                lines.stream().map(Line::problem).filter(problem -> !problem.isEmpty()).toList();
        assertEquals("", String.join("\n", problems), all::describe);
        assertTrue(CALL > 0 || lines.size() > FEWEST / stride, all::describe);
        long failed = lines.stream().filter(line -> line.outcome().startsWith("failed")).count();
        reporter.publishEntry(
                what + (userNamespace ? " with a user namespace" : ""),
                lines.size()
                        - 1
                        + " calls failed in turn; the command failed "
                        + failed
                        + " times");
        assertEquals(List.of(), before.damage());
    }

    /**
     * Accepts terminals on the console socket, and closes them; only when one was sent, or the
     * sender's connection would be refused.
     */
    private static void takeTerminals(ServerSocketChannel server, Invocation.Running sender)
            throws IOException {
        while (server != null && sender.process().isAlive()) {
            try (SocketChannel one = server.accept()) {
                if (one == null) {
                    Host.pause(PAUSE_MILLIS);
                } else {
                    one.configureBlocking(false);
                    Host.becomes(TAKING_MILLIS, () -> hasTaken(one));
                }
            }
        }
    }

    /** The sender may also have closed it. */
    private static boolean hasTaken(SocketChannel terminal) {
        try {
            return terminal.read(ByteBuffer.allocate(1)) != 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
