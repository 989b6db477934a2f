// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

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

    /** This program, as an archive that {@code java -jar} runs. */
    public static byte[] archive() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, JavaWorkload.class.getName());
        String name = JavaWorkload.class.getName().replace('.', '/') + ".class";
        var bytes = new ByteArrayOutputStream();
        try (var jar = new JarOutputStream(bytes, manifest);
                InputStream code = JavaWorkload.class.getResourceAsStream("/" + name)) {
            jar.putNextEntry(new JarEntry(name));
            code.transferTo(jar);
        }
        return bytes.toByteArray();
    }

    private static void visit(ServerSocket server) {
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.getOutputStream().write(1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
