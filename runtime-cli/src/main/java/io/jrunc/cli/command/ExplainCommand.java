// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.container.Containers;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.host.Host;
import io.jrunc.json.JsonText;
import java.util.ArrayList;
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
        syntax.option(
                "ID",
                "a container that exists: what has made it, and the mounts added since",
                "--container");
        syntax.flag("print the system calls of each step", "--syscalls");
        syntax.option("text|json", "how to print it", "--format");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean json = wantsJson(arguments, "text");
        Host host = context.host();
        List<ExplainedStep> steps =
                arguments.has("--container")
                        ? ofContainer(context, arguments.value("--container", ""), host)
                        : ofBundle(context, arguments, host);
        boolean calls = arguments.has("--syscalls");
        context.print(json ? json(steps, calls) : text(steps, calls));
        return 0;
    }

    private static List<ExplainedStep> ofBundle(Context context, Arguments arguments, Host host) {
        Bundle bundle =
                context.bundle(
                        arguments.value("--bundle", ""),
                        arguments.value("--config", Bundle.CONFIG),
                        host);
        return explain(context, bundle, ID, host);
    }

    private static List<ExplainedStep> ofContainer(Context context, String id, Host host) {
        try (Container container = context.containers().load(id)) {
            List<ExplainedStep> steps =
                    new ArrayList<>(explain(context, container.bundle(), id, host));
            steps.addAll(container.mounts().explained());
            return steps;
        }
    }

    private static List<ExplainedStep> explain(
            Context context, Bundle bundle, String id, Host host) {
        return Containers.explain(
                id, bundle, host, context.cgroups(host), context.launcher().handlerDirectories());
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
