// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Source: runc's create(8), exec(8), --pidfd-socket. Debian's runc does not have it yet. */
@Requires({ROOT, JRUNC})
class PidfdSocketIT {
    private final Kernel kernel = LocalKernel.get();

    /** What came: its text, and the pid that the descriptor is of. */
    private record Message(String text, long pid) {}

    private Message receive(Fd listening) {
        try (Fd connection = kernel.sockets().accept(listening)) {
            List<Fd> descriptors = new ArrayList<>();
            byte[] text = kernel.sockets().receive(connection, 64, descriptors);
            assertEquals(1, descriptors.size());
            try (Fd pidfd = descriptors.get(0)) {
                String info = Result.text(Path.of("/proc/self/fdinfo/" + pidfd.number()));
                String pid = info.replaceAll("(?s).*\nPid:\t(\\d+)\n.*", "$1");
                return new Message(new String(text, StandardCharsets.UTF_8), Long.parseLong(pid));
            }
        }
    }

    private Fd listen(Path socket) {
        Fd listening = kernel.sockets().unixStream("listener");
        kernel.sockets().bind(listening, socket.toString());
        kernel.sockets().listen(listening, 1);
        return listening;
    }

    @Test
    void descriptorOfTheFirstProcessIsSent() {
        Path socket = Sandbox.current().freshFile("sock");
        Container container = Bundle.busybox().args("sleep", "60").container();
        try (Fd listening = listen(socket)) {
            container.create("--pidfd-socket", socket.toString()).output();

            assertEquals(new Message("standard", container.pid()), receive(listening));
        }
    }

    @Test
    void descriptorOfAFurtherProcessIsSent() {
        Path socket = Sandbox.current().freshFile("sock");
        Path pidFile = Sandbox.current().freshFile("pid");
        Container container = Bundle.busybox().start("sleep", "60");
        try (Fd listening = listen(socket)) {
            container
                    .exec(
                            "--detach",
                            "--pid-file",
                            pidFile.toString(),
                            "--pidfd-socket",
                            socket.toString(),
                            "sleep",
                            "50")
                    .output();

            long pid = Long.parseLong(Result.text(pidFile));
            assertEquals(new Message("setns", pid), receive(listening));
        }
    }

    @Test
    void socketWithoutAListenerFailsTheCreate() {
        Container container = Bundle.busybox().args("true").container();

        container.create("--pidfd-socket", "/no/such/socket").failsWith("/no/such/socket");

        assertTrue(Sandbox.current().remains().isEmpty());
    }
}
