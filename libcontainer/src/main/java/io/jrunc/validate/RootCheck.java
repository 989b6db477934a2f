// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Spec;
import java.util.List;

/** {@code root}. Source: runtime-spec config.md#root. */
final class RootCheck extends Check {
    RootCheck() {
        super("root");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        if (spec.root().isEmpty()) {
            throw Failure.invalid("root", "is missing", "add {\"path\": \"rootfs\"}");
        }
        String path = spec.root().get().path();
        Texts.notEmpty("root.path", path, "write for example \"rootfs\"");
        Texts.noNul("root.path", path);
    }
}
