// SPDX-License-Identifier: Apache-2.0
package studentcode;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jrunc.linux.Failure;
import io.jrunc.sandbox.Input;
import io.jrunc.sandbox.Result;
import io.jrunc.sandbox.Sandbox;
import io.jrunc.sandbox.Sandboxes;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves a page on which students run code. */
public final class StudentCode implements AutoCloseable {
    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_BYTES = 100_000;

    private final Sandboxes boxes;
    private final Sandbox box;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(MOST_AT_ONCE);

    /**
     * Starts it.
     *
     * @param directory for sandboxes
     * @param port 0 for any that is free
     */
    public StudentCode(Path directory, int port) throws IOException {
        boxes = Sandboxes.open(directory);
        box =
                boxes.sandbox()
                        .hostUsr()
                        .memory(32 << 20)
                        .pids(16)
                        .cpus(0.5)
                        .timeout(Duration.ofSeconds(2))
                        .maxOutput(64_000);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::page);
        server.createContext("/run", this::run);
        server.start();
    }

    /** Returns where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void page(HttpExchange exchange) throws IOException {
        try (InputStream page = StudentCode.class.getResourceAsStream("page.html")) {
            answer(exchange, 200, "text/html; charset=utf-8", page.readAllBytes());
        }
    }

    private void run(HttpExchange exchange) throws IOException {
        byte[] code = exchange.getRequestBody().readNBytes(MOST_BYTES);
        try {
            Result result = box.stdin(Input.of(code)).run("sh", "-s");
            answer(exchange, 200, "text/plain; charset=utf-8", text(result));
        } catch (Failure f) {
            answer(exchange, 500, "text/plain; charset=utf-8", bytes(f.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer(exchange, 503, "text/plain; charset=utf-8", bytes("the server is closing"));
        }
    }

    private static byte[] text(Result result) {
        String end =
                switch (result.cause()) {
                    case EXIT -> "exit code " + result.exitCode();
                    case TIMEOUT -> "killed: it ran longer than two seconds";
                    case OUTPUT -> "killed: it wrote more than 64,000 bytes";
                    case OOM -> "killed: it needed more than 32 MiB";
                    case PIDS -> "failed: it started more than 16 processes";
                    case DENIED -> "killed: it made a system call that is not allowed";
                    case SIGNAL, KILLED -> "killed by a signal";
                };
        String memory =
                result.peakMemory().isPresent()
                        ? ", " + (result.peakMemory().getAsLong() >> 10) + " KiB"
                        : "";
        return bytes(result.stdout() + result.stderr() + "\n[" + end + memory + "]\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Ends what runs, and the server. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        boxes.close();
    }

    /** Serves until the JVM ends. */
    public static void main(String[] args) throws IOException {
        StudentCode served =
                new StudentCode(Path.of("/run/student-code"), Integer.parseInt(args[0]));
        System.out.println("http://127.0.0.1:" + served.port() + "/");
    }
}
