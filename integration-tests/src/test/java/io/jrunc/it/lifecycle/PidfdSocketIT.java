// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.PidfdListener;
import io.jrunc.it.harness.PidfdListener.Message;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Source: runc's create(8), exec(8), --pidfd-socket. Debian's runc does not have it yet. */
@Requires({ROOT, JRUNC})
class PidfdSocketIT {
    @Test
    void descriptorOfTheFirstProcessIsSent() {
        Path socket = Sandbox.current().freshFile("sock");
        Container container = Bundle.busybox().args("sleep", "60").container();
        try (PidfdListener listening = new PidfdListener(socket)) {
            container.create("--pidfd-socket", socket.toString()).output();

            assertEquals(new Message("standard", container.pid()), listening.receive());
        }
    }

    @Test
    void descriptorOfAFurtherProcessIsSent() {
        Path socket = Sandbox.current().freshFile("sock");
        Path pidFile = Sandbox.current().freshFile("pid");
        Container container = Bundle.busybox().start("sleep", "60");
        try (PidfdListener listening = new PidfdListener(socket)) {
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
            assertEquals(new Message("setns", pid), listening.receive());
        }
    }

    @Test
    void socketWithoutAListenerFailsTheCreate() {
        Container container = Bundle.busybox().args("true").container();

        container.create("--pidfd-socket", "/no/such/socket").failsWith("/no/such/socket");

        assertTrue(Sandbox.current().remains().isEmpty());
    }
}
