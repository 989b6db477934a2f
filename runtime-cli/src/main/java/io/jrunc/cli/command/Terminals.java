// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Spec;

/** Checks that a terminal has exactly one receiver of its master. */
final class Terminals {
    private Terminals() {}

    static void check(Spec spec, boolean detached, boolean consoleSocket) {
        boolean terminal = spec.process().isPresent() && spec.process().get().terminal();
        check(terminal, detached, consoleSocket);
    }

    static void check(boolean terminal, boolean detached, boolean consoleSocket) {
        if (detached && terminal && !consoleSocket) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "cannot allocate tty if jrunc will detach without setting console socket; use"
                            + " --console-socket, or set process.terminal to false");
        }
        if (consoleSocket && !(detached && terminal)) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "cannot use console socket if jrunc will not detach or allocate tty; leave out"
                            + " --console-socket");
        }
    }
}
