// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;

/** Serves one request of a launcher, and ends. */
public final class Main {
    /** The number of the socket to the launcher in this process; see launcher.c. */
    private static final int LAUNCHER_SOCKET = 3;

    /** For bin/jrunc-setup: only an ordinary end writes the list of loaded classes. */
    private static final boolean ORDINARY_EXIT = Boolean.getBoolean("jrunc.exit.ordinary");

    private Main() {}

    /** Arguments and environment of the caller come over the launcher's socket, not this way. */
    public static void main(String[] args) {
        JsonWarmup.begin();
        Fd socket = Fd.of(LocalKernel.get(), LAUNCHER_SOCKET, "launcher");
        exit(serve(socket));
    }

    private static int serve(Fd socket) {
        Request request;
        try {
            request = Request.receive(socket);
        } catch (Failure f) {
            System.err.print(f.getMessage()); // the launcher reads it and prints it
            return 1;
        }
        return new Cli(LocalKernel.get(), request, new Launcher(socket, request)).run();
    }

    /**
     * Ends the process at once: a JVM that ends by itself gives threads that are inside a system
     * call 300 ms to come back, and the launcher's watch always is inside one.
     */
    private static void exit(int status) {
        if (ORDINARY_EXIT) {
            Runtime.getRuntime().halt(status);
        }
        LocalKernel.get().processes().exit(status);
    }
}
