// SPDX-License-Identifier: Apache-2.0
package io.jrunc.network;

import io.jrunc.linux.Call;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.netlink.Netlink;
import io.jrunc.linux.netlink.Rtnetlink;
import io.jrunc.setup.Rollback;
import io.jrunc.setup.SetupContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The network namespaces of runtime and container, and a conversation with the kernel about each.
 *
 * <p>The socket inside is made by a process that leaves it to the runtime and ends: one of the
 * runtime's own user namespace, since a socket may do what its maker might, and so that devices
 * come back even if init has died.
 *
 * @param host the runtime's namespace
 * @param container the container's namespace
 */
record Namespaces(Fd host, Fd container, Rtnetlink outside, Rtnetlink inside)
        implements Rollback.Action {
    private static final String OWN = "/proc/thread-self/ns/net";

    /** Opens those of the context; {@link Failure} if they are one. */
    static Namespaces of(SetupContext context) {
        Kernel runtime = context.runtime();
        List<Fd> open = new ArrayList<>();
        try {
            Fd host = runtime.files().open(OWN, OpenFlag.RDONLY);
            open.add(host);
            String path = "/proc/" + context.initPid() + "/ns/net";
            Fd container = runtime.files().open(path, OpenFlag.RDONLY);
            open.add(container);
            requireTwo(runtime.files(), host, container);
            Fd outside = runtime.sockets().netlink("devices outside");
            open.add(outside);
            Fd inside = socketInside(context, container);
            return new Namespaces(
                    host, container, conversation(runtime, outside), conversation(runtime, inside));
        } catch (Failure f) {
            open.forEach(Fd::close);
            throw f;
        }
    }

    private static void requireTwo(Files files, Fd host, Fd container) {
        if (files.stat(host).inode() == files.stat(container).inode()) {
            throw Failure.invalid(
                    "linux.netDevices",
                    "the network namespace in linux.namespaces is the runtime's own",
                    "join another one, or remove its path");
        }
    }

    private static Rtnetlink conversation(Kernel runtime, Fd socket) {
        return new Rtnetlink(new Netlink(runtime, socket));
    }

    private static Fd socketInside(SetupContext context, Fd namespace) {
        Kernel parent = context.hookParent();
        Call clone = parent.processes().cloneProcess(Set.of());
        int pid = (int) clone.result();
        Kernel maker = parent.bornOf(clone, "network");
        try {
            // It joins a namespace of the container, whose processes must not trace it
            // (CVE-2016-9962).
            maker.processes().setDumpable(false);
            maker.processes().joinNamespace(namespace, CloneFlag.NEWNET).submit().result();
            Fd socket = maker.sockets().netlink("devices inside");
            return context.export(socket);
        } finally {
            maker.close();
            parent.processes().await(pid, true);
        }
    }

    @Override
    public void undo() {
        keep();
    }

    /** Closes all. */
    @Override
    public void keep() {
        inside.close();
        outside.close();
        container.close();
        host.close();
    }
}
