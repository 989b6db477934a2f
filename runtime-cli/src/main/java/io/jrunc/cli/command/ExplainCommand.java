// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Containers;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.host.Host;
import io.jrunc.json.JsonText;
import java.util.List;

/** Tells what run would do, step by step, and why. Needs no root and touches nothing. */
public final class ExplainCommand extends Command {
    private static final String ID = "explained";

    public ExplainCommand() {
        super("explain", "Tells what run would do for a bundle, and why, without doing it.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("DIR", "the bundle (default: here)", "-b", "--bundle");
        syntax.option("FILE", "the specification (default: config.json)", "-f", "--config");
        syntax.flag("print the system calls of each step", "--syscalls");
        syntax.option("text|json", "how to print it", "--format");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean json = wantsJson(arguments, "text");
        Host host = context.host();
        Bundle bundle =
                context.bundle(
                        arguments.value("--bundle", ""),
                        arguments.value("--config", Bundle.CONFIG),
                        host);
        List<ExplainedStep> steps = Containers.explain(ID, bundle, host, context.cgroups(host));
        boolean calls = arguments.has("--syscalls");
        context.print(json ? json(steps, calls) : text(steps, calls));
        return 0;
    }

    private static String text(List<ExplainedStep> steps, boolean calls) {
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (ExplainedStep step : steps) {
            number++;
            text.append(number < 10 ? " " : "").append(number).append("  ");
            text.append(step.actor()).append(" ".repeat(9 - step.actor().length()));
            text.append(step.title()).append("  [").append(step.field()).append("]\n");
            if (calls) {
                for (String call : step.calls()) {
                    text.append("      ").append(call).append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String json(List<ExplainedStep> steps, boolean calls) {
        JsonText json = JsonText.indented("  ");
        json.beginList();
        for (ExplainedStep step : steps) {
            json.beginObject();
            json.string("actor", step.actor());
            json.string("step", step.title());
            json.string("field", step.field());
            if (calls) {
                json.strings("calls", step.calls());
            }
            json.endObject();
        }
        json.endList();
        return json + "\n";
    }
}
