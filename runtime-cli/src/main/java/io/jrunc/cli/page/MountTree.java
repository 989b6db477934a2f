// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.page;

import io.jrunc.spec.Mount;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The mounts of a bundle, each below the one that it is mounted on. */
record MountTree(Document document, Spec spec) {
    /** A mount and what is mounted on it. */
    record Node(String path, String what, List<String> options, String field, List<Node> below) {
        Node(String path, String what, List<String> options, String field) {
            this(path, what, options, field, new ArrayList<>());
        }
    }

    /** Returns the root, with all below it. */
    Node root() {
        String path = spec.root().map(one -> one.path()).orElse("none");
        boolean isReadonly = spec.root().map(one -> one.readonly()).orElse(false);
        Node root = new Node("/", path, List.of(isReadonly ? "ro" : "rw"), "root");
        for (int i = 0; i < spec.mounts().size(); i++) {
            Mount mount = spec.mounts().get(i);
            String source = mount.source().orElse("");
            String type = mount.isBind() ? "bind" : mount.type().orElse("");
            String what = (type + " " + source).strip();
            String place = normalized(mount.destination());
            innermost(root, place)
                    .below
                    .add(new Node(place, what, mount.options(), "mounts[" + i + "]"));
        }
        return root;
    }

    private static String normalized(String destination) {
        String absolute = destination.startsWith("/") ? destination : "/" + destination;
        String clean = absolute.replaceAll("/+", "/");
        return clean.length() > 1 && clean.endsWith("/")
                ? clean.substring(0, clean.length() - 1)
                : clean;
    }

    /** Returns the last mount on whose file system the path is: later ones cover earlier ones. */
    private static Node innermost(Node from, String path) {
        Node at = from;
        boolean isFound = true;
        while (isFound) {
            isFound = false;
            for (int i = at.below.size() - 1; i >= 0 && !isFound; i--) {
                Node below = at.below.get(i);
                if (path.equals(below.path) || path.startsWith(below.path + "/")) {
                    at = below;
                    isFound = true;
                }
            }
        }
        return at;
    }

    /** Returns nested lists. */
    String html() {
        StringBuilder html = new StringBuilder("<div class=\"tree\"><ul>\n");
        append(html, root());
        return html.append("</ul></div>\n").toString();
    }

    private void append(StringBuilder html, Node node) {
        html.append("<li><strong>").append(HtmlPage.code(node.path)).append("</strong> ");
        html.append(HtmlPage.text(node.what)).append(' ');
        node.options.forEach(option -> html.append(HtmlPage.chip(option)));
        html.append(' ').append(HtmlPage.link(Optional.of(document), node.field));
        if (!node.below.isEmpty()) {
            html.append("\n<ul>\n");
            node.below.forEach(below -> append(html, below));
            html.append("</ul>");
        }
        html.append("</li>\n");
    }
}
