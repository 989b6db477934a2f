// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.page;

import io.jrunc.container.model.ExplainedStep;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code run} would do for a bundle as a page of HTML, each thing with the line that causes
 * it.
 *
 * @param spec as it counts: annotations that the caller allows are part of it
 * @param held capabilities that root has on this host
 */
public record ExplainPage(
        Document document, Spec spec, List<ExplainedStep> steps, Set<String> held) {
    private static final String NONE = "\u2013";

    public ExplainPage {
        steps = List.copyOf(steps);
        held = Set.copyOf(held);
    }

    /**
     * Returns the page.
     *
     * @param calls whether system calls are shown
     */
    public String text(boolean calls) {
        HtmlPage page = new HtmlPage("What run would do for " + document.name());
        processes(page);
        page.heading("Mounts");
        page.raw(new MountTree(document, spec).html());
        capabilities(page);
        cgroups(page);
        seccomp(page);
        steps(page, calls);
        page.source(document, Set.of());
        return page.end();
    }

    private String link(String field) {
        return HtmlPage.link(Optional.of(document), field);
    }

    /** Boxes in boxes: what is inside has the namespaces of what is around it, and its own. */
    private void processes(HtmlPage page) {
        page.heading("Processes and namespaces");
        page.raw("<div class=\"box\"><strong>launcher</strong>, in the caller's namespaces;");
        page.raw(" parent of all that follows\n<div class=\"box\"><strong>stage</strong>, which");
        page.raw(" joins and creates namespaces, and ends</div>\n");
        page.raw("<div class=\"box\"><strong>init</strong>, in these namespaces: ");
        List<Namespace> namespaces = spec.linux().namespaces();
        for (int i = 0; i < namespaces.size(); i++) {
            Namespace one = namespaces.get(i);
            String how = one.path().map(path -> ", joined: " + path).orElse(", new");
            page.raw("<br>" + HtmlPage.chip(one.type().specName() + how));
            page.raw(link("linux.namespaces[" + i + "]") + "\n");
        }
        String host = shared(namespaces);
        page.raw("<br>of the host: " + (host.isEmpty() ? "none" : host) + "\n");
        mappings(page, "uidMappings", spec.linux().uidMappings());
        mappings(page, "gidMappings", spec.linux().gidMappings());
        if (spec.process().isPresent()) {
            ProcessSpec process = spec.process().get();
            String user = process.user().uid() + ":" + process.user().gid();
            page.raw("<div class=\"box\">becomes the <strong>program</strong> ");
            page.raw(HtmlPage.code(String.join(" ", process.args())) + " " + link("process.args"));
            page.raw("<br>as user " + HtmlPage.chip(user) + link("process.user"));
            page.raw("<br>in " + HtmlPage.code(process.cwd()) + " " + link("process.cwd"));
            page.raw("</div>\n");
        }
        page.raw("</div></div>\n");
    }

    private static String shared(List<Namespace> namespaces) {
        StringBuilder shared = new StringBuilder();
        for (NamespaceType type : NamespaceType.values()) {
            if (namespaces.stream().noneMatch(one -> one.type() == type)) {
                shared.append(HtmlPage.chip(type.specName()));
            }
        }
        return shared.toString();
    }

    private void mappings(HtmlPage page, String name, List<IdMapping> mappings) {
        for (int i = 0; i < mappings.size(); i++) {
            IdMapping one = mappings.get(i);
            String text =
                    one.size()
                            + " ids: "
                            + one.containerId()
                            + "\u2026 in the container are "
                            + one.hostId()
                            + "\u2026 on the host";
            page.raw("<br>" + HtmlPage.text(text) + " ");
            page.raw(link("linux." + name + "[" + i + "]") + "\n");
        }
    }

    private void capabilities(HtmlPage page) {
        page.heading("Capabilities");
        Optional<Capabilities> wanted = spec.process().flatMap(ProcessSpec::capabilities);
        if (wanted.isEmpty()) {
            page.raw("<p>process.capabilities is absent: all sets stay as they are ");
            page.raw(link("process.capabilities") + "</p>\n");
            return;
        }
        Map<String, Optional<List<String>>> sets = new LinkedHashMap<>();
        sets.put("bounding", wanted.get().bounding());
        sets.put("effective", wanted.get().effective());
        sets.put("permitted", wanted.get().permitted());
        sets.put("inheritable", wanted.get().inheritable());
        sets.put("ambient", wanted.get().ambient());
        List<String> header = new ArrayList<>(List.of("Capability", "before"));
        sets.keySet().forEach(name -> header.add("after: " + name));
        List<List<String>> rows = new ArrayList<>();
        StringBuilder givenUp = new StringBuilder();
        for (String capability : CapabilityNames.ALL) {
            boolean isKept =
                    sets.values().stream().anyMatch(s -> s.orElse(List.of()).contains(capability));
            List<String> row = new ArrayList<>(List.of(HtmlPage.code(capability)));
            row.add(held.contains(capability) ? "yes" : NONE);
            sets.forEach((name, set) -> row.add(cell(name, set, capability)));
            if (isKept) {
                rows.add(row);
            } else if (held.contains(capability)) {
                givenUp.append(HtmlPage.chip(capability));
            }
        }
        page.raw("<p>Before: those that root has on this kernel. After: ");
        page.raw(link("process.capabilities") + "</p>\n");
        if (!rows.isEmpty()) {
            page.table(header, rows);
        }
        page.raw("<p>Before, and in no set after: " + (givenUp.isEmpty() ? "none" : givenUp));
        page.raw("</p>\n");
    }

    private String cell(String name, Optional<List<String>> set, String capability) {
        int index = set.orElse(List.of()).indexOf(capability);
        if (index < 0) {
            return NONE;
        }
        int line = document.line("process.capabilities." + name + "[" + index + "]");
        return "yes <a class=\"where\" href=\"#L" + line + "\">line " + line + "</a>";
    }

    private void cgroups(HtmlPage page) {
        page.heading("Cgroups and limits");
        List<List<String>> places = new ArrayList<>();
        for (ExplainedStep step : steps) {
            if (step.field().startsWith("linux.cgroupsPath")) {
                places.add(List.of(HtmlPage.text(step.title()), link("linux.cgroupsPath")));
            }
        }
        page.table(List.of("Step", "Cause"), places);
        List<List<String>> limits = new ArrayList<>();
        document.positions()
                .below("linux.resources")
                .forEach((field, value) -> limits.add(List.of(HtmlPage.code(value), link(field))));
        if (limits.isEmpty()) {
            page.paragraph("No limit is set: linux.resources is absent or empty.");
        } else {
            page.table(List.of("Value", "Limit"), limits);
        }
    }

    private void seccomp(HtmlPage page) {
        page.heading("System call filter");
        if (spec.linux().seccomp().isEmpty()) {
            page.raw("<p>None: every system call is allowed. " + link("linux.seccomp") + "</p>\n");
            return;
        }
        new FilterTable(document, spec.linux().seccomp().get()).addTo(page);
    }

    private void steps(HtmlPage page, boolean calls) {
        page.heading("All steps, in order");
        List<List<String>> rows = new ArrayList<>();
        int number = 0;
        for (ExplainedStep step : steps) {
            number++;
            StringBuilder title = new StringBuilder(HtmlPage.text(step.title()));
            if (calls && !step.calls().isEmpty()) {
                title.append("<br>");
                step.calls().forEach(call -> title.append(HtmlPage.code(call)).append("<br>"));
            }
            rows.add(
                    List.of(
                            Integer.toString(number),
                            HtmlPage.text(step.actor()),
                            title.toString(),
                            link(step.field())));
        }
        page.table(List.of("", "Process", "Step", "Cause"), rows);
    }
}
