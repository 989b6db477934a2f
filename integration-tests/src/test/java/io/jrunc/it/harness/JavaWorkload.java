// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** What a container with Java in it does: threads, memory, files, sockets. */
public final class JavaWorkload {
    public static final String DONE = "5 threads were served";

    private static final int THREADS = 5;

    private JavaWorkload() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, THREADS, InetAddress.getLoopbackAddress())) {
            List<Thread> visitors = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Thread visitor = new Thread(() -> visit(server));
                visitor.start();
                visitors.add(visitor);
            }
            int served = 0;
            for (int i = 0; i < THREADS; i++) {
                try (Socket visitor = server.accept()) {
                    served += visitor.getInputStream().read();
                }
            }
            for (Thread visitor : visitors) {
                visitor.join();
            }
            System.gc();
            System.out.println(served + " threads were served");
        }
    }

    private static void visit(ServerSocket server) {
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.getOutputStream().write(1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
