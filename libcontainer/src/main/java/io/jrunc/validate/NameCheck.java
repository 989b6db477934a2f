// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code hostname} and {@code domainname}. Source: runtime-spec config.md#hostname. */
final class NameCheck extends Check {
    /** {@code __NEW_UTS_LEN}. */
    private static final int MAX_BYTES = 64;

    NameCheck() {
        super("host name");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        boolean uts = spec.linux().namespace(NamespaceType.UTS).isPresent();
        name("hostname", spec.hostname(), uts);
        name("domainname", spec.domainname(), uts);
    }

    private static void name(String field, Optional<String> name, boolean uts) {
        if (name.isEmpty()) {
            return;
        }
        if (!uts) {
            throw Texts.invalid(
                    field,
                    name.get(),
                    "needs a uts namespace",
                    "add {\"type\": \"uts\"} to linux.namespaces");
        }
        if (name.get().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw Failure.invalid(
                    field,
                    Texts.quoted(name.get()) + " is longer than " + MAX_BYTES + " bytes",
                    "shorten it");
        }
        Texts.noNul(field, name.get());
    }
}
