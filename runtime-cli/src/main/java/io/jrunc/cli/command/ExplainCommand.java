// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.page.Document;
import io.jrunc.cli.page.ExplainGraph;
import io.jrunc.cli.page.ExplainPage;
import io.jrunc.container.Container;
import io.jrunc.container.Containers;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.host.Host;
import io.jrunc.json.JsonText;
import io.jrunc.spec.CapabilityNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
        syntax.option("text|json|html|dot", "how to print it", "--format");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String format = arguments.value("--format", "text");
        if (!List.of("text", "html", "dot").contains(format)) {
            wantsJson(arguments, "text, html, dot");
        }
        Host host = context.host();
        Explained explained =
                arguments.has("--container")
                        ? ofContainer(context, arguments.value("--container", ""), host)
                        : ofBundle(context, arguments, host);
        boolean calls = arguments.has("--syscalls");
        context.print(
                switch (format) {
                    case "json" -> json(explained.steps, calls);
                    case "html" -> explained.page(host).text(calls);
                    case "dot" -> explained.graph().text();
                    default -> text(explained.steps, calls);
                });
        return 0;
    }

    /**
     * A bundle, and what is done for it.
     *
     * @param name of its document, for people
     */
    private record Explained(Bundle bundle, String name, List<ExplainedStep> steps) {
        ExplainPage page(Host host) {
            List<String> known = CapabilityNames.ALL;
            int count = Math.min(known.size(), host.facts().lastCapability() + 1);
            Set<String> held = Set.copyOf(known.subList(0, count));
            return new ExplainPage(document(), bundle.spec(), steps, held);
        }

        ExplainGraph graph() {
            return new ExplainGraph(document(), bundle.spec(), steps);
        }

        private Document document() {
            return Document.of(name, bundle.config());
        }
    }

    private static Explained ofBundle(Context context, Arguments arguments, Host host) {
        String config = arguments.value("--config", Bundle.CONFIG);
        Bundle bundle = context.bundle(arguments.value("--bundle", ""), config, host);
        String name = config.startsWith("/") ? config : bundle.directory() + "/" + config;
        return new Explained(bundle, name, explain(context, bundle, ID, host));
    }

    private static Explained ofContainer(Context context, String id, Host host) {
        try (Container container = context.containers().load(id)) {
            Bundle bundle = container.bundle();
            List<ExplainedStep> steps = new ArrayList<>(explain(context, bundle, id, host));
            steps.addAll(container.mounts().explained());
            return new Explained(bundle, Bundle.CONFIG + " of container " + id, steps);
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
