// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.serve;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.ResidentRuntime;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What talks to a resident runtime need not be a launcher, and what a launcher finds need not be a
 * resident runtime. {@code resident.c} has the messages.
 */
@Requires({ROOT, JRUNC})
class PeersIT {
    private static final int GREETING_BYTES = 56;
    private static final int NONCE = 8;
    private static final int HELLO_MAGIC = 0x3168726a;
    private static final int WORKERS = 8;
    private static final long PATIENCE_MILLIS = 5000;

    private final LocalKernel kernel = LocalKernel.get();
    private ResidentRuntime resident;

    @BeforeEach
    void prepare() {
        resident = new ResidentRuntime();
    }

    @AfterEach
    void end() {
        resident.close();
    }

    private Fd connect() {
        Fd socket = kernel.sockets().unixStream("peer");
        kernel.sockets().connect(socket, resident.socket().toString());
        kernel.sockets().limitWaiting(socket, 10_000);
        return socket;
    }

    private byte[] greeting(Fd socket) {
        return kernel.sockets()
                .receiveFully(socket, GREETING_BYTES, new ArrayList<>())
                .orElseThrow();
    }

    /** A request for {@code --version}, as the launcher sends it. */
    private static byte[] hello(long nonce, int length) {
        byte[] strings = "/\0jrunc\0--version\0".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer hello = ByteBuffer.allocate(24 + strings.length).order(ByteOrder.nativeOrder());
        hello.putInt(HELLO_MAGIC).putInt(2).putInt(0);
        hello.putInt(length < 0 ? strings.length : length).putLong(nonce).put(strings);
        return hello.array();
    }

    private static long nonce(byte[] greeting) {
        return ByteBuffer.wrap(greeting).order(ByteOrder.nativeOrder()).getLong(NONCE);
    }

    /** Whether the server accepts this request. */
    private boolean accepts(byte[] request, Fd socket) {
        try (Fd stream = kernel.descriptors().memoryFile("stream")) {
            kernel.sockets().send(socket, request, List.of(stream, stream, stream));
        }
        return kernel.sockets().receive(socket, 4, new ArrayList<>()).length == 4;
    }

    @Test
    void requestOfTheConnectedProcessIsAccepted() {
        resident.start();
        try (Fd socket = connect()) {
            assertTrue(accepts(hello(nonce(greeting(socket)), -1), socket));
        }
    }

    @Test
    void requestWithoutTheGreetingsNonceIsNotAccepted() {
        resident.start();
        try (Fd socket = connect()) {
            assertFalse(accepts(hello(nonce(greeting(socket)) + 1, -1), socket));
        }
        assertTrue(resident.servesSoon());
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 30, Integer.MAX_VALUE, (1 << 20) + 1})
    void requestThatIsTooLongIsNotAccepted(int length) {
        resident.start();
        try (Fd socket = connect()) {
            assertFalse(accepts(hello(nonce(greeting(socket)), length), socket));
        }
        assertTrue(resident.servesSoon());
    }

    @Test
    void garbageAndHalfRequestsAreNotAccepted() {
        resident.start();
        Random random = new Random(1);
        int before = resident.descriptors();
        for (int i = 0; i < 50; i++) {
            try (Fd socket = connect()) {
                byte[] request = hello(nonce(greeting(socket)), -1);
                byte[] garbage = Arrays.copyOf(request, 1 + random.nextInt(request.length));
                garbage[random.nextInt(garbage.length)] ^= (byte) (1 << random.nextInt(8));
                kernel.sockets().send(socket, garbage, List.of());
            }
        }
        assertTrue(resident.servesSoon());
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> resident.descriptors() <= before));
    }

    /** Another process than the one that connected sends the request, as after a reuse of pids. */
    @Test
    void requestOfAnotherProcessThanTheConnectedIsNotAccepted() {
        resident.start();
        String script =
                "import os,socket,struct,sys\n"
                        + "s=socket.socket(socket.AF_UNIX); s.settimeout(10)\n"
                        + "s.connect(sys.argv[1]); g=s.recv(56)\n"
                        + "text=b'/\\0jrunc\\0--version\\0'\n"
                        + "hello=struct.pack('=IIIIQ',0x3168726a,2,0,len(text),"
                        + "struct.unpack('=Q',g[8:16])[0])+text\n"
                        + "if sys.argv[2]=='other' and os.fork(): os.wait(); sys.exit(0)\n"
                        + "null=os.open('/dev/null',os.O_RDWR)\n"
                        + "socket.send_fds(s,[hello],[null]*3)\n"
                        + "try: print(len(s.recv(4)))\n"
                        + "except ConnectionResetError: print(0)\n";
        String socket = resident.socket().toString();

        assertEquals("4", python(script, socket, "same").output());
        assertEquals("0", python(script, socket, "other").output());
    }

    private static Result python(String... arguments) {
        List<String> command = new ArrayList<>(List.of("python3", "-c"));
        command.addAll(List.of(arguments));
        return Sandbox.current().command(command).run();
    }

    /** Silent peers occupy all workers for a while: others do without them, and then are served. */
    @Test
    void commandsGoOnWhileSilentPeersOccupyTheServer() {
        resident.start();
        List<Fd> peers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Fd peer = connect();
            peers.add(peer);
            greeting(peer);
        }

        assertFalse(resident.serves());
        assertTrue(resident.servesSoon(), "they are hung up on");
        peers.forEach(Fd::close);
    }

    /** The launcher connects to a program that answers what {@code greeting} makes of it. */
    private Result versionWith(UnaryOperator<byte[]> greeting, boolean answers) {
        resident.makeDirectory("rwx------");
        String commit =
                resident.runtime("--version").run().lines().get(1).substring("commit: ".length());
        ByteBuffer genuine = ByteBuffer.allocate(GREETING_BYTES).order(ByteOrder.nativeOrder());
        genuine.putInt(0x3167726a).putInt(0).putLong(7);
        genuine.put(commit.getBytes(StandardCharsets.US_ASCII));
        try (Fd listener = kernel.sockets().unixStream("hostile")) {
            kernel.sockets().bind(listener, resident.socket().toString());
            kernel.sockets().listen(listener, 4);
            var version = resident.runtime("--version").start();
            try (Fd launcher = kernel.sockets().accept(listener)) {
                byte[] bytes = greeting.apply(genuine.array());
                if (bytes.length > 0) {
                    kernel.sockets().send(launcher, bytes, List.of());
                }
                if (answers) {
                    kernel.sockets().receive(launcher, 1 << 16, new ArrayList<>());
                    return version.await(); // the socket stays open, without an answer
                }
            }
            return version.await();
        }
    }

    private static void assertDoneWithoutIt(Result version) {
        assertTrue(version.output().contains("resident: no"), version::describe);
    }

    @Test
    void silentServerIsNotWaitedFor() {
        assertDoneWithoutIt(versionWith(greeting -> new byte[0], false));
    }

    @Test
    void serverOfAnotherCommitIsNotAsked() {
        assertDoneWithoutIt(
                versionWith(
                        greeting -> {
                            greeting[GREETING_BYTES - 8] ^= 1;
                            return greeting;
                        },
                        false));
    }

    @Test
    void garbageInPlaceOfAGreetingIsIgnored() {
        assertDoneWithoutIt(
                versionWith(
                        greeting -> {
                            new Random(2).nextBytes(greeting);
                            return greeting;
                        },
                        false));
    }

    @Test
    void serverThatHangsUpAfterTheGreetingIsDoneWithout() {
        assertDoneWithoutIt(versionWith(greeting -> greeting, false));
    }

    @Test
    void serverThatNeverAcceptsIsReported() {
        Result version = versionWith(greeting -> greeting, true);

        assertEquals(1, version.status(), version::describe);
        assertEquals(1, version.stderr().lines().count(), version::describe);
        assertTrue(version.stderr().contains("does not answer"), version::describe);
    }
}
