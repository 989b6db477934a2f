// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.nio.charset.StandardCharsets;

/** In a new network namespace even the loopback interface is down. netdevice(7). */
public record RaiseLoopback() implements Step {
    private static final int AF_INET = 2;
    private static final int SIOCSIFFLAGS = 0x8914;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int IFF_UP_RUNNING = 0x41;

    @Override
    public String title() {
        return "bring up the loopback interface";
    }

    @Override
    public String field() {
        return "linux.namespaces";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        byte[] name = "lo".getBytes(StandardCharsets.UTF_8);
        Arg up =
                Arg.struct(IFREQ_BYTES, "{ifr_name=\"lo\", ifr_flags=IFF_UP|IFF_RUNNING}")
                        .putBytes(0, name)
                        .putShort(IFREQ_FLAGS, IFF_UP_RUNNING);
        try (Fd socket = init.sockets().datagram(AF_INET, "loopback")) {
            init.descriptors().ioctl(socket, "SIOCSIFFLAGS lo", SIOCSIFFLAGS, up).submit();
        }
    }
}
