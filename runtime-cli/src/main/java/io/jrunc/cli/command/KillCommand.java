// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.linux.Failure;
import java.util.List;

/** Sends a signal to a container's init. */
public final class KillCommand extends Command {
    private static final String DEFAULT_SIGNAL = "TERM";

    public KillCommand() {
        super("kill", "Sends a signal (default TERM) to the init of a container.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.flag("to all processes; a stopped container is no error", "-a", "--all");
        syntax.flag("the id is a regular expression for several", "-r", "--regex");
        syntax.operand(CONTAINER);
        syntax.optional("<signal>");
        syntax.optionsEndAtOperand();
    }

    @Override
    public int run(Context context, Arguments arguments) {
        List<String> words = arguments.operands();
        int signal = Signals.parse(words.size() > 1 ? words.get(1) : DEFAULT_SIGNAL);
        boolean all = arguments.has("--all");
        boolean regex = arguments.has("--regex");
        for (String id : Selection.of(context.containers(), words.get(0), false, regex)) {
            try (Container container = context.containers().load(id)) {
                kill(container, signal, all, regex);
            }
        }
        return 0;
    }

    private static void kill(Container container, int signal, boolean all, boolean regex) {
        try {
            if (all) {
                container.signalAll(signal);
            } else {
                container.kill(signal);
            }
        } catch (Failure f) {
            if (!all && !regex || f.code() != Failure.Code.NOT_RUNNING) {
                throw f;
            }
        }
    }
}
