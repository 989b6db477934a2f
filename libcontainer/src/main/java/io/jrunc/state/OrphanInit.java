// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.cgroup.CgroupRemoval;
import io.jrunc.cgroup.file.Poll;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Signal;
import io.jrunc.namespace.CreateInit;

/**
 * An init that a killed runtime has left behind before the state named it. It ends when its control
 * socket is closed, unless a call blocks, for example in a file system that does not answer.
 */
public final class OrphanInit {
    private static final int ATTEMPTS = 200;
    private static final int PAUSE_MILLIS = 5;

    private OrphanInit() {}

    /** Ends all processes of {@code state}; others in its cgroups are not the container's. */
    public static void end(Kernel kernel, State state) {
        for (int attempt = 0; attempt < ATTEMPTS && killed(kernel, state); attempt++) {
            Poll.pause(PAUSE_MILLIS);
        }
    }

    private static boolean killed(Kernel kernel, State state) {
        boolean any = false;
        for (String cgroup : state.cgroupDirectories()) {
            for (int pid : CgroupRemoval.processes(kernel, cgroup)) {
                String name = CgroupRemoval.readIfThere(kernel, "/proc/" + pid + "/comm");
                if (name.equals(CreateInit.NAME)) {
                    kernel.processes().kill(pid, Signal.SIGKILL);
                    any = true;
                }
            }
        }
        return any;
    }
}
