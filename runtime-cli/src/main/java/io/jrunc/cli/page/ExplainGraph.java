// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.page;

import io.jrunc.container.model.ExplainedStep;
import io.jrunc.linux.OneLine;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;
import java.util.List;

/** The processes, namespaces, cgroups and mounts of a bundle, for dot(1) of Graphviz. */
public record ExplainGraph(Document document, Spec spec, List<ExplainedStep> steps) {
    private static final String CGROUP = "create cgroup ";

    public ExplainGraph {
        steps = List.copyOf(steps);
    }

    /** Returns a directed graph. */
    public String text() {
        StringBuilder dot = new StringBuilder("digraph container {\n");
        dot.append("  graph [rankdir=LR];\n  node [shape=box, fontname=\"sans-serif\"];\n");
        node(dot, "launcher", "launcher");
        node(dot, "stage", "stage");
        node(dot, "init", "init");
        edge(dot, "launcher", "stage", "clone");
        edge(dot, "stage", "init", "clone3(CLONE_PARENT)");
        List<Namespace> namespaces = spec.linux().namespaces();
        for (int i = 0; i < namespaces.size(); i++) {
            Namespace one = namespaces.get(i);
            String how = one.path().map(path -> "joins " + path).orElse("new");
            node(dot, "namespace" + i, one.type().specName() + " namespace");
            String line = "line " + document.line("linux.namespaces[" + i + "]");
            edge(dot, "init", "namespace" + i, how + ", " + line);
        }
        if (spec.process().isPresent()) {
            ProcessSpec process = spec.process().get();
            node(dot, "program", String.join(" ", process.args()));
            edge(dot, "init", "program", "execve, line " + document.line("process.args"));
        }
        int number = 0;
        for (ExplainedStep step : steps) {
            if (step.title().startsWith(CGROUP)) {
                node(dot, "cgroup" + number, step.title().substring(CGROUP.length()));
                edge(dot, "init", "cgroup" + number, "is in");
                number++;
            }
        }
        MountTree.Node root = new MountTree(document, spec).root();
        mount(dot, root, new int[] {0});
        edge(dot, "init", "mount0", "has as its root, line " + document.line("root"));
        return dot.append("}\n").toString();
    }

    /** Returns the number of the mount. */
    private int mount(StringBuilder dot, MountTree.Node node, int[] next) {
        int own = next[0]++;
        node(dot, "mount" + own, node.path() + "\n" + node.what());
        for (MountTree.Node below : node.below()) {
            int number = mount(dot, below, next);
            String options = String.join(",", below.options());
            String line = "line " + document.line(below.field());
            edge(dot, "mount" + own, "mount" + number, (options + " " + line).strip());
        }
        return own;
    }

    private static void node(StringBuilder dot, String name, String label) {
        dot.append("  ").append(name).append(" [label=").append(quoted(label)).append("];\n");
    }

    private static void edge(StringBuilder dot, String from, String to, String label) {
        dot.append("  ").append(from).append(" -> ").append(to);
        dot.append(" [label=").append(quoted(label)).append("];\n");
    }

    /** A backslash begins an escape of labels; the only one that is wanted divides lines. */
    private static String quoted(String label) {
        StringBuilder quoted = new StringBuilder("\"");
        String[] lines = label.split("\n", 2);
        for (int i = 0; i < lines.length; i++) {
            String clean = OneLine.clean(lines[i]).replace("\\", "\\\\").replace("\"", "\\\"");
            quoted.append(i > 0 ? "\\n" : "").append(clean);
        }
        return quoted.append('"').toString();
    }
}
