// SPDX-License-Identifier: Apache-2.0
package io.jrunc.network;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.netlink.Address;
import io.jrunc.linux.netlink.Link;
import io.jrunc.linux.netlink.Rtnetlink;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.NetDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Moves network devices into the container. They keep what is their own, hardware address, MTU and
 * queue, and the permanent addresses of global scope; routes they lose.
 *
 * <p>If the container is not made after all they come back with all their addresses. When its
 * network namespace ends later, they are the kernel's: physical ones return to the first network
 * namespace, virtual ones are destroyed. Source: runtime-spec config-linux.md#network-devices,
 * network_namespaces(7).
 *
 * @param devices by the name that they have outside
 */
public record MoveNetDevices(Map<String, NetDevice> devices) implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        List<String> moves = new ArrayList<>();
        for (Map.Entry<String, NetDevice> device : devices.entrySet()) {
            String target = device.getValue().name().orElse(device.getKey());
            boolean renamed = !target.equals(device.getKey());
            moves.add(renamed ? device.getKey() + " (as " + target + ")" : device.getKey());
        }
        return "move into the container the network device " + String.join(", ", moves);
    }

    @Override
    public String field() {
        return "linux.netDevices";
    }

    @Override
    public void apply(SetupContext context) {
        Namespaces namespaces = Namespaces.of(context);
        context.rollback().push(namespaces);
        // All are looked up before the first one moves.
        List<MovedDevice> found = new ArrayList<>();
        for (Map.Entry<String, NetDevice> device : devices.entrySet()) {
            String target = device.getValue().name().orElse(device.getKey());
            found.add(find(namespaces, device.getKey(), target));
        }
        for (MovedDevice device : found) {
            context.rollback().push(device);
            device.move();
        }
    }

    private static MovedDevice find(Namespaces namespaces, String name, String target) {
        Link link;
        try {
            link = namespaces.outside().find(name);
        } catch (Failure f) {
            if (f.is(Errno.ENODEV)) {
                throw Failure.syscall(
                        "netlink",
                        name,
                        Errno.ENODEV,
                        "the runtime has no network device so called");
            }
            throw f;
        }
        requireFree(namespaces.inside(), target);
        List<Address> addresses = namespaces.outside().addresses(link);
        return new MovedDevice(namespaces, link, addresses, target);
    }

    /** Before anything is changed: the kernel would only say so when the device is down. */
    private static void requireFree(Rtnetlink inside, String target) {
        for (Link link : inside.links()) {
            if (link.name().equals(target)) {
                throw Failure.invalid(
                        "linux.netDevices",
                        "the container has a network device \"" + target + "\" already",
                        "give this one another name");
            }
        }
    }
}
