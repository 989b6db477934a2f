// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.EnumSet;
import java.util.List;

/** {@code linux.namespaces}. Source: runtime-spec config-linux.md#namespaces. */
final class NamespaceCheck extends Check {
    NamespaceCheck() {
        super("namespaces");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        List<Namespace> namespaces = spec.linux().namespaces();
        EnumSet<NamespaceType> seen = EnumSet.noneOf(NamespaceType.class);
        for (int i = 0; i < namespaces.size(); i++) {
            Namespace namespace = namespaces.get(i);
            String field = "linux.namespaces[" + i + ']';
            if (!seen.add(namespace.type())) {
                throw Texts.invalid(
                        field + ".type",
                        namespace.type().specName(),
                        "is there a second time",
                        "keep one of them");
            }
            if (namespace.path().isPresent()) {
                Texts.absolute(field + ".path", namespace.path().get());
            }
        }
    }
}
