// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.linux.Failure;
import io.jrunc.process.Activation;

/** What the environment says of descriptors that were opened for us. Source: sd_listen_fds(3). */
final class ListenDescriptors {
    private static final String COUNT = "LISTEN_FDS";
    private static final int FIRST = 3;

    private ListenDescriptors() {}

    /**
     * Returns those that the caller means for us, and so for the container; others were for a
     * parent.
     */
    static Activation of(Request request, Launcher launcher) {
        String word = request.variable(COUNT);
        if (word.isEmpty()
                || !request.variable("LISTEN_PID").equals(Integer.toString(launcher.pid()))) {
            return Activation.NONE;
        }
        int count = CreationFlags.count(COUNT, word);
        for (int number = FIRST; number < FIRST + count; number++) {
            if (!launcher.hasInherited(number)) {
                throw Failure.of(
                        Failure.Code.USAGE,
                        COUNT
                                + ": \""
                                + word
                                + "\" counts descriptor "
                                + number
                                + ", which the caller did not pass; pass it, or write "
                                + (number - FIRST));
            }
        }
        return new Activation(count, request.variable("LISTEN_FDNAMES"));
    }
}
