// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Call;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import java.util.ArrayList;
import java.util.List;

/**
 * Sockets and other descriptors that a service manager has opened for the container's program: from
 * 3 on, before those of {@code --preserve-fds}. Source: sd_listen_fds(3).
 *
 * @param count how many; 0 is none
 * @param names what the manager calls them, separated by colons; empty if it did not say
 */
public record Activation(int count, String names) {
    /** No descriptors are passed. */
    public static final Activation NONE = new Activation(0, "");

    /**
     * Returns the variables by which a program learns of them.
     *
     * @param init knows the pid that it will have for itself
     */
    List<String> variables(Kernel init) {
        if (count == 0) {
            return List.of();
        }
        long pid = new Call(init, Syscall.GETPID, "").submit().result();
        List<String> variables = new ArrayList<>();
        variables.add("LISTEN_FDS=" + count);
        variables.add("LISTEN_PID=" + pid);
        if (!names.isEmpty()) {
            variables.add("LISTEN_FDNAMES=" + names);
        }
        return variables;
    }
}
