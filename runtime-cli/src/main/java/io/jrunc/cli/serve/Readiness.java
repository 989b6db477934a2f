// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.nio.charset.StandardCharsets;

/** Tells the service manager, if there is one, that this program serves. Source: sd_notify(3). */
final class Readiness {
    private static final String VARIABLE = "NOTIFY_SOCKET";
    private static final String READY = "READY=1";

    private Readiness() {}

    static void tell(Kernel kernel) {
        String address = System.getenv(VARIABLE);
        if (address == null || address.isEmpty()) {
            return;
        }
        try (Fd socket = kernel.sockets().unixDatagram(VARIABLE)) {
            kernel.sockets().connect(socket, address);
            kernel.sockets().sendMessage(socket, READY.getBytes(StandardCharsets.US_ASCII), READY);
        } catch (Failure f) {
            System.err.println("jrunc serve: " + VARIABLE + ": " + f.getMessage() + ", ignoring");
        }
    }
}
