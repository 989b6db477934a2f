// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The launcher's first message, encoded by hand as launcher.c does. */
class RequestTest {
    private static final int MAGIC = 0x3168726a;

    private final LocalKernel kernel = LocalKernel.get();
    private Fd launcher;
    private Fd socket;

    @BeforeEach
    void connect() {
        Fd[] pair = kernel.sockets().pair("launcher");
        launcher = pair[0];
        socket = pair[1];
    }

    @AfterEach
    void disconnect() {
        launcher.close();
        socket.close();
    }

    private static byte[] hello(int magic, int arguments, int variables, String... strings) {
        byte[] text = (String.join("\0", strings) + "\0").getBytes(StandardCharsets.UTF_8);
        ByteBuffer hello = ByteBuffer.allocate(24 + text.length).order(ByteOrder.nativeOrder());
        hello.putInt(magic)
                .putInt(arguments)
                .putInt(variables)
                .putInt(text.length)
                .putLong(0)
                .put(text);
        return hello.array();
    }

    private Request receive(byte[] hello, int streams) {
        List<Fd> sent = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            sent.add(kernel.descriptors().memoryFile("stream" + i));
        }
        kernel.sockets().send(launcher, hello, sent);
        sent.forEach(Fd::close);
        return Request.receive(socket);
    }

    @Test
    void directoryArgumentsEnvironmentAndStreamsArrive() {
        Request request =
                receive(hello(MAGIC, 3, 2, "/bundle", "jrunc", "run", "ä b", "A=1", "B="), 3);

        assertEquals("/bundle", request.directory());
        assertEquals(List.of("run", "ä b"), request.arguments());
        assertEquals(List.of("A=1", "B="), request.environment());
        assertEquals(3, request.streams().size());
        assertEquals("1", request.variable("A"));
        assertEquals("", request.variable("B"));
        assertEquals("", request.variable("C"));
        kernel.files().writeAll(request.out(), new byte[] {7});
        assertEquals(1, kernel.files().stat(request.streams().get(1)).size());
        request.streams().forEach(Fd::close);
    }

    @Test
    void emptyArgumentsAreKept() {
        Request request = receive(hello(MAGIC, 3, 0, "/", "jrunc", "", ""), 3);

        assertEquals(List.of("", ""), request.arguments());
        assertEquals(List.of(), request.environment());
    }

    @Test
    void programWithoutArgumentsOrEvenANameIsFine() {
        assertEquals(List.of(), receive(hello(MAGIC, 1, 0, "/", "jrunc"), 3).arguments());
        assertEquals(List.of(), receive(hello(MAGIC, 0, 0, "/"), 3).arguments());
    }

    @Test
    void pathsAreThoseOfTheCaller() {
        Request request = receive(hello(MAGIC, 1, 0, "/here", "jrunc"), 3);

        assertEquals("/abs", request.absolute("/abs"));
        assertEquals("/here/rel", request.absolute("rel"));
    }

    @Test
    void anotherVersionIsRefused() {
        Failure failure =
                assertThrows(Failure.class, () -> receive(hello(MAGIC + 1, 1, 0, "/", "jrunc"), 3));

        assertEquals("the launcher is of another version than this program", failure.getMessage());
    }

    @Test
    void withoutAllStreamsItIsRefused() {
        assertThrows(Failure.class, () -> receive(hello(MAGIC, 1, 0, "/", "jrunc"), 2));
    }

    @Test
    void launcherThatEndedIsReported() {
        launcher.close();

        Failure failure = assertThrows(Failure.class, () -> Request.receive(socket));

        assertEquals("the launcher ended before it asked for anything", failure.getMessage());
    }
}
