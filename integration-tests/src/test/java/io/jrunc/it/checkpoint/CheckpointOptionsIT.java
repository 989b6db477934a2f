// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.checkpoint;

import static io.jrunc.it.harness.Feature.CRIU;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.PERL;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SCRIPT;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Criu;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What criu refuses to dump, or to restore, unless an option or its configuration allows it. */
@Requires({ROOT, JRUNC, CRIU})
class CheckpointOptionsIT {
    private static final long PATIENCE_MILLIS = 20_000;

    private Path image;

    @BeforeEach
    void chooseAPlace() {
        image = Sandbox.current().freshFile("image");
    }

    /** A program in a directory that it shares with the host, where it has the same path. */
    private static Bundle perl(Path shared, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/perl", "-e", script));
        command.addAll(List.of(arguments));
        return Bundle.busybox()
                .bindHost("/usr", "/lib", "/lib64")
                .directory(shared.toString())
                .bind(shared, shared.toString())
                .cwd(shared.toString())
                .args(command.toArray(new String[0]));
    }

    private Images started(Bundle bundle) {
        Images images = new Images(bundle, bundle.container(), image);
        images.container().runDetached().output();
        return images;
    }

    private static boolean says(Path file, String text) {
        return Files.exists(file) && Result.text(file).contains(text);
    }

    /**
     * A program that sends to a socket of the host, as to that of a logging service; criu only sees
     * such a socket in the network namespace that it dumps, and finds it by its name there.
     */
    @Test
    @Requires(PERL)
    void socketOfTheHostIsConnectedAgain() {
        Path shared = Sandbox.current().freshDirectory("shared");
        String socket = shared.resolve("socket").toString();
        String service =
                """
                use Socket; $| = 1;
                socket S, AF_UNIX, SOCK_DGRAM, 0;
                bind S, sockaddr_un(shift);
                print qq(ready\\n);
                while (defined recv S, my $word, 99, 0) { print qq($word\\n); }
                """;
        String program =
                """
                use Socket;
                socket S, AF_UNIX, SOCK_DGRAM, 0;
                connect S, sockaddr_un(shift) or die;
                while (1) {
                    send S, -e 'second' ? 'after' : 'before', 0;
                    select undef, undef, undef, 0.05;
                }
                """;
        Invocation.Running log = Sandbox.current().command("perl", "-e", service, socket).start();
        try {
            assertTrue(prints(log, "ready"));
            Images images = started(perl(shared, program, socket).withoutNamespace("network"));
            assertTrue(prints(log, "before"));

            images.checkpoint().failsWith("External socket is used.*--ext-unix-sk");
            images.checkpoint("--ext-unix-sk").output();
            create(shared.resolve("second"));
            images.restore("--detach", "--ext-unix-sk").output();

            assertTrue(prints(log, "after"));
        } finally {
            log.process().destroyForcibly();
            log.await();
        }
    }

    /** The file that is open has another name by now: criu gives it one more for a while. */
    @Test
    @Requires(PERL)
    void openFileWhoseNameIsGoneIsKept() {
        Path shared = Sandbox.current().freshDirectory("shared");
        String program =
                """
                use IO::Handle;
                open F, '>', 'first';
                link 'first', 'other';
                unlink 'first';
                F->autoflush;
                while (1) {
                    print F -e 'second' ? 'after' : 'before';
                    select undef, undef, undef, 0.05;
                }
                """;
        Images images = started(perl(shared, program));
        Path other = shared.resolve("other");
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> says(other, "before")));

        images.checkpoint().failsWith("Use link-remap option");
        images.checkpoint("--link-remap").output();
        create(shared.resolve("second"));
        images.restore("--detach").output();

        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> says(other, "after")));
        images.container().delete("--force").output();
        assertEquals(2, shared.toFile().list().length, "other and second");
    }

    /** The program writes to the terminal in which its runtime was called. */
    @Test
    @Requires(SCRIPT)
    void terminalOfTheCallerIsExchanged() {
        Bundle bundle =
                Bundle.busybox()
                        .set("/root/readonly", true)
                        .args("sh", "-c", "i=0; while sleep 0.05; do echo line $((i+=1)).; done");
        Images images = new Images(bundle, bundle.container(), image);
        Invocation.Running run = onTerminal(images.command("run"));
        assertTrue(prints(run, "line 10."), () -> run.soFar().describe());

        images.checkpoint().output();
        run.await();
        Invocation.Running restore = onTerminal(images.restoration());

        assertTrue(prints(restore, "line"), () -> restore.soFar().describe());
        assertFalse(restore.soFar().stdout().contains("line 1."));
        assertEquals("running", images.container().status());
        images.container().delete("--force").output();
        restore.await();
    }

    private static Invocation.Running onTerminal(Invocation command) {
        return command.under("sh", "-c", "exec script -qec \"$*\" /dev/null", "sh").start();
    }

    private static boolean prints(Invocation.Running running, String text) {
        return Host.becomes(PATIENCE_MILLIS, () -> running.soFar().stdout().contains(text));
    }

    /** The pages are written by another process, perhaps on the machine of the restore. */
    @Test
    void pageServerReceivesThePages() throws IOException {
        Images images = started(Bundle.busybox().args("sleep", "600"));
        Path received = Sandbox.current().freshDirectory("received");
        String port = Integer.toString(freePort());
        Invocation.Running server =
                Sandbox.current()
                        .command(
                                "env",
                                "criu",
                                "page-server",
                                "--port",
                                port,
                                "-D",
                                received.toString())
                        .variable("PATH", Criu.path())
                        .start();

        String address = "127.0.0.1:" + port;
        // Until the server listens.
        assertTrue(
                Host.becomes(
                        PATIENCE_MILLIS,
                        () -> images.checkpoint("--page-server", address).status() == 0),
                () -> server.soFar().describe());
        server.await();

        assertFalse(Files.exists(image.resolve("pages-1.img")));
        for (String name : received.toFile().list()) {
            Files.copy(received.resolve(name), image.resolve(name), REPLACE_EXISTING);
        }
        images.restore("--detach").output();
        assertEquals("running", images.container().status());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Locks are kept without an option. */
    @Test
    void configurationOfCriuIsRead() throws IOException {
        Path shared = Sandbox.current().freshDirectory("shared");
        Path config = Files.writeString(Sandbox.current().freshFile("criu.conf"), "file-locks\n");
        Bundle bundle =
                perl(
                        shared,
                        """
                        use Fcntl ':flock';
                        open F, '>', 'lock';
                        flock F, LOCK_EX;
                        open G, '>', 'held';
                        sleep 1 while 1;
                        """);
        Images without = started(bundle);
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> says(shared.resolve("held"), "")));
        without.checkpoint().failsWith("use --file-locks");
        without.container().delete("--force").output();
        Files.delete(shared.resolve("held"));

        bundle.set("/annotations/org.criu.config", config.toString());
        Images images = started(bundle);
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> says(shared.resolve("held"), "")));
        images.checkpoint().output();
        images.restore("--detach").output();

        assertEquals("running", images.container().status());
    }

    /** Criu executes what its configuration names. */
    @Test
    void configurationThatOthersMayWriteIsRefused() throws IOException {
        Path config = Files.writeString(Sandbox.current().freshFile("criu.conf"), "file-locks\n");
        Sandbox.current().command("chmod", "666", config.toString()).run().output();
        Bundle bundle = Bundle.busybox().args("sleep", "600");
        Images images = started(bundle.set("/annotations/org.criu.config", config.toString()));

        images.checkpoint().failsWith("org.criu.config", config.toString());

        assertEquals("running", images.container().status());
    }

    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
