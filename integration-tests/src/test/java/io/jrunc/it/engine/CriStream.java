// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Host;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A stream to the server whose address the runtime returns for exec, attach and port-forward: a
 * WebSocket (RFC 6455) with the protocol {@code v4.channel.k8s.io}, in which the first byte of each
 * message is the number of a channel.
 */
final class CriStream implements AutoCloseable {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int ERROR = 3;
    static final int RESIZE = 4;

    private static final long PATIENCE_MILLIS = 20_000;
    private static final int FINAL_BINARY = 0x82;
    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 8;
    private static final int MASKED = 0x80;
    private static final int LENGTH_IS_16_BITS = 126;
    private static final String HANDSHAKE =
            """
            GET %s HTTP/1.1\r
            Host: %s\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Protocol: v4.channel.k8s.io\r
            \r
            """;

    private final SocketChannel connection;
    private final DataInputStream in;
    private final Map<Integer, ByteArrayOutputStream> received = new ConcurrentHashMap<>();
    private volatile boolean ended;

    CriStream(EngineSandbox room, String address) {
        URI uri = URI.create(address);
        connection = room.connect(uri.getPort());
        in = new DataInputStream(Channels.newInputStream(connection));
        String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        write(HANDSHAKE.formatted(path, uri.getAuthority()).getBytes(StandardCharsets.US_ASCII));
        String answer = head();
        assertTrue(answer.startsWith("HTTP/1.1 101 "), answer);
        Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    private void write(byte[] bytes) {
        try {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                connection.write(rest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String head() {
        StringBuilder head = new StringBuilder();
        try {
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
        } catch (EOFException e) {
            return head + " and no more";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return head.toString();
    }

    private void read() {
        try {
            for (int head = in.readUnsignedByte();
                    (head & OPCODE) != CLOSE;
                    head = in.readUnsignedByte()) {
                byte[] message = in.readNBytes(length());
                if (message.length > 1) { // else it announces the channel
                    received.computeIfAbsent(
                                    (int) message[0], channel -> new ByteArrayOutputStream())
                            .write(message, 1, message.length - 1);
                }
            }
        } catch (IOException e) {
            // The connection was closed: what has arrived is all.
        } finally {
            ended = true;
        }
    }

    private int length() throws IOException {
        int length = in.readUnsignedByte();
        if (length < LENGTH_IS_16_BITS) {
            return length;
        }
        return length == LENGTH_IS_16_BITS
                ? in.readUnsignedShort()
                : Math.toIntExact(in.readLong());
    }

    /** Sends a text of less than 125 bytes. The mask, which a client must name, changes nothing. */
    void send(int channel, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(bytes.length + 7);
        frame.put((byte) FINAL_BINARY).put((byte) (MASKED | bytes.length + 1)).putInt(0);
        frame.put((byte) channel).put(bytes);
        write(frame.array());
    }

    /** What has arrived on a channel. */
    byte[] bytes(int channel) {
        ByteArrayOutputStream bytes = received.get(channel);
        return bytes == null ? new byte[0] : bytes.toByteArray();
    }

    String text(int channel) {
        return new String(bytes(channel), StandardCharsets.UTF_8);
    }

    /** Waits until a channel has such a text; returns it. */
    String await(int channel, Predicate<String> condition) {
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> condition.test(text(channel))),
                () -> "channel " + channel + " has " + received + (ended ? " and is closed" : ""));
        return text(channel);
    }

    /** Waits until the server has closed the stream. */
    void awaitEnd() {
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> ended), () -> "not closed: " + received);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
