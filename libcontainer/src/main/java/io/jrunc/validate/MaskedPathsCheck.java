// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.List;

/**
 * {@code linux.maskedPaths} and {@code linux.readonlyPaths}. Source: runtime-spec
 * config-linux.md#masked-paths, config-linux.md#readonly-paths.
 */
final class MaskedPathsCheck extends Check {
    MaskedPathsCheck() {
        super("masked and read-only paths");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        boolean mount = spec.linux().namespace(NamespaceType.MOUNT).isPresent();
        paths("linux.maskedPaths", spec.linux().maskedPaths(), mount);
        paths("linux.readonlyPaths", spec.linux().readonlyPaths(), mount);
    }

    private static void paths(String field, List<String> paths, boolean mountNamespace) {
        if (!paths.isEmpty() && !mountNamespace) {
            throw Failure.invalid(
                    field,
                    "needs a mount namespace, else the host's own paths would change",
                    "add {\"type\": \"mount\"} to linux.namespaces");
        }
        Texts.absolute(field, paths);
    }
}
