package io.jrunc.cli;

import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;

/** Serves one request of a launcher, and ends. */
public final class Main {
    /** The number of the socket to the launcher in this process; see launcher.c. */
    private static final int LAUNCHER_SOCKET = 3;

    private Main() {}

    /** Arguments and environment of the caller come over the launcher's socket, not this way. */
    public static void main(String[] args) {
        HeadStart.begin();
        Fd socket = Fd.of(LocalKernel.get(), LAUNCHER_SOCKET, "launcher");
        Request request = Request.receive(socket);
        int status = new Cli(LocalKernel.get(), request, new Launcher(socket, request)).run();
        // Not exit: there are no shutdown hooks to wait for.
        Runtime.getRuntime().halt(status);
    }
}
