// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.container.model.Bundle;
import io.jrunc.handler.HandledProgram;
import io.jrunc.handler.HandlerTable;
import io.jrunc.host.Host;
import io.jrunc.linux.Kernel;
import io.jrunc.rootfs.RootfsSteps;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;
import java.util.List;
import java.util.Set;

/** Looks handlers up for containers whose annotations ask for one. */
public final class Handlers {
    private static final int ROOT = 0;
    private static final int OVERFLOW_ID = 65534;

    private Handlers() {}

    /** Returns what to make instead of {@code bundle}: the same, if it asks for no handler. */
    public static Bundle applied(Kernel kernel, Bundle bundle, List<String> directories) {
        Spec spec = bundle.spec();
        if (spec.annotations().isEmpty()
                || spec.root().isEmpty()
                || !HandledProgram.mayBeAskedFor(spec.annotations())) {
            return bundle;
        }
        String rootfs = RootfsSteps.rootPath(spec, bundle.directory());
        Spec handled = HandledProgram.of(table(kernel, directories), spec, rootfs);
        return new Bundle(bundle.directory(), bundle.config(), handled, bundle.warnings());
    }

    /** Returns what to run in a container instead of {@code process}. */
    static ProcessSpec applied(
            Kernel kernel, Spec container, ProcessSpec process, List<String> directories) {
        return HandledProgram.mayBeAskedFor(container.annotations())
                ? HandledProgram.inside(table(kernel, directories), container, process)
                : process;
    }

    /**
     * In a user namespace, the host's root is seen as the overflow id, as are others; but there the
     * runtime has no more rights than its user.
     */
    private static HandlerTable table(Kernel kernel, List<String> directories) {
        int own = Host.effectiveUid();
        int unmapped = Host.isInUserNamespace() ? OVERFLOW_ID : ROOT;
        return new HandlerTable(kernel, directories, Set.copyOf(List.of(ROOT, own, unmapped)));
    }
}
