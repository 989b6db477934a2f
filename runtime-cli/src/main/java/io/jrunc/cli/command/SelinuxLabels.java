// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.lsm.CategoryPair;
import io.jrunc.lsm.CategoryPairs;
import io.jrunc.lsm.ContainerContexts;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;
import java.util.List;

/**
 * SELinux labels for a container that is to be: those of the policy, with categories of its own.
 */
record SelinuxLabels(Context context) {
    /** On the host for as long as bundles are: longer than the state of containers. */
    private static final String DIRECTORY = "/var/lib/jrunc/categories";

    private static final String DIRECTORY_OF_A_USER = "/.local/share/jrunc/categories";

    /** Labels for containers on {@code host}; a {@link Failure} where they mean nothing. */
    static SelinuxLabels on(Host host, Context context) {
        if (!host.facts().selinux()) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--selinux: SELinux is not enabled here; leave it out, or enable it");
        }
        return new SelinuxLabels(context);
    }

    /**
     * Returns the same specification with labels.
     *
     * @param file that it is going to be written to; it exists
     */
    Spec addTo(Spec spec, String file) {
        ContainerContexts contexts = ContainerContexts.read(context.kernel());
        List<String> inUse = ContainerContexts.ofProcesses();
        inUse.addAll(ofContainers());
        CategoryPair pair = new CategoryPairs(context.kernel(), directory()).allot(file, inUse);
        return spec.withSelinuxContexts(contexts.process(pair), contexts.file(pair));
    }

    private String directory() {
        return Host.isPrivileged()
                ? DIRECTORY
                : context.request().variable("HOME") + DIRECTORY_OF_A_USER;
    }

    /** Returns those that are created or stopped have labels, too, which no process shows. */
    private List<String> ofContainers() {
        return context.containers().ids().stream().flatMap(id -> labels(id).stream()).toList();
    }

    private List<String> labels(String id) {
        try (Container container = context.containers().find(id).orElse(null)) {
            return container == null
                    ? List.of()
                    : container.spec().process().flatMap(ProcessSpec::selinuxLabel).stream()
                            .toList();
        }
    }
}
