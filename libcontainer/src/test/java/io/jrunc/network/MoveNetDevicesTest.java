// SPDX-License-Identifier: Apache-2.0
package io.jrunc.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.DryRunKernel;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.NetDevice;
import io.jrunc.testkit.SetupContexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The order in which devices move and come back, on paper. */
class MoveNetDevicesTest {
    private final List<String> lines = new ArrayList<>();
    private final SetupContext context = SetupContexts.of(new DryRunKernel("it", lines::add));
    private final MoveNetDevices move =
            new MoveNetDevices(Map.of("eth1", new NetDevice(Optional.of("lan0"))));

    /** What was asked of the kernel in words, without numbers of descriptors. */
    private List<String> requests() {
        return lines.stream()
                .filter(line -> line.contains("sendto("))
                .map(line -> line.replaceAll(".*sendto\\(\\d+<(.*?)>, \\{(.*?)\\}, .*", "$1: $2"))
                .map(line -> line.replaceAll("\\d+</proc", "</proc"))
                .toList();
    }

    @Test
    void deviceGoesDownMovesAndComesUpAgain() {
        move.apply(context);

        assertEquals(
                List.of(
                        "devices outside: RTM_GETLINK eth1",
                        "devices inside: RTM_GETLINK all devices",
                        "devices outside: RTM_GETADDR eth1",
                        "devices inside: RTM_GETLINK all devices",
                        "devices outside: RTM_NEWLINK down eth1",
                        "devices outside: RTM_NEWLINK to </proc/1/ns/net> as lan0 eth1",
                        "devices inside: RTM_NEWLINK up lan0"),
                requests());
    }

    @Test
    void socketInsideIsMadeByAProcessOfTheRuntimesOwnUserNamespace() {
        move.apply(context);

        int clone = indexOf("clone3(");
        int join = indexOf("setns(");
        int hand = indexOf("send_descriptor(");
        assertTrue(clone >= 0 && clone < join && join < hand, lines::toString);
        assertTrue(hand < indexOf("wait4("), lines::toString);
    }

    private int indexOf(String call) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(call)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void deviceComesBackTheSameWay() {
        move.apply(context);
        lines.clear();

        context.rollback().undo(new IllegalStateException());

        assertEquals(
                List.of(
                        "devices outside: RTM_GETLINK all devices",
                        "devices inside: RTM_NEWLINK down lan0",
                        "devices inside: RTM_NEWLINK to </proc/thread-self/ns/net> as eth1 lan0",
                        "devices outside: RTM_NEWLINK up eth1"),
                requests());
    }
}
