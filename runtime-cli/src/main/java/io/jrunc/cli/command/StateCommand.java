// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.output.Users;
import io.jrunc.cli.template.Rows;
import io.jrunc.container.Container;
import io.jrunc.spec.OciState;
import java.util.List;

/** Prints the state document of a container, or parts of it. */
public final class StateCommand extends Command {
    public StateCommand() {
        super("state", "Prints the state of a container.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("json|table|TEMPLATE", FORMATS_HELP, "-f", "--format");
        syntax.operand(CONTAINER);
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean template = wantsTemplate(arguments);
        boolean json = !template && (!arguments.has("--format") || wantsJson(arguments, "table"));
        try (Container container = context.containers().load(arguments.operands().get(0))) {
            if (json) {
                context.print(container.ociState("").pretty());
                return 0;
            }
            String owner = new Users().name(container.owner());
            List<OciState> states = List.of(container.ociState(owner));
            context.print(
                    template
                            ? Rows.ofStates(arguments.value("--format", ""), states)
                            : ListCommand.table(states));
        }
        return 0;
    }
}
