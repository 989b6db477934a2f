// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;

/**
 * {@code hooks}: programs to run, in order, at points of the life cycle. Source: runtime-spec
 * config.md#posix-platform-hooks.
 *
 * @param prestart deprecated by the specification; during create, in the runtime's namespaces
 * @param createRuntime during create, in the runtime's namespaces
 * @param createContainer during create, in the container's namespaces, before pivot_root(2)
 * @param startContainer during start, in the container, before its program
 * @param poststart after the container's program has started, in the runtime's namespaces
 * @param poststop after the container was deleted, in the runtime's namespaces
 */
public record Hooks(
        List<Hook> prestart,
        List<Hook> createRuntime,
        List<Hook> createContainer,
        List<Hook> startContainer,
        List<Hook> poststart,
        List<Hook> poststop) {
    /** The names of the six kinds, in the order in which they run. */
    public static final List<String> NAMES =
            List.of(
                    "prestart",
                    "createRuntime",
                    "createContainer",
                    "startContainer",
                    "poststart",
                    "poststop");

    /** No hooks. */
    public static final Hooks NONE =
            new Hooks(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public Hooks {
        prestart = List.copyOf(prestart);
        createRuntime = List.copyOf(createRuntime);
        createContainer = List.copyOf(createContainer);
        startContainer = List.copyOf(startContainer);
        poststart = List.copyOf(poststart);
        poststop = List.copyOf(poststop);
    }

    /** Returns the six lists, in the order of {@link #NAMES}. */
    public List<List<Hook>> inOrder() {
        return List.of(
                prestart, createRuntime, createContainer, startContainer, poststart, poststop);
    }
}
