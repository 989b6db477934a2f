// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.spec.Spec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Labels for security modules, and {@code linux.personality}. Source: runtime-spec config-linux.md.
 */
final class LabelCheck extends Check {
    /** What is written to /proc/thread-self/attr is cut off, silently, at the end of a page. */
    private static final int MAX_BYTES = 4000;

    LabelCheck() {
        super("mount label and personality");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        check("linux.mountLabel", spec.linux().mountLabel(), "SELinux", facts.selinux());
        if (spec.linux().personality().isPresent()) {
            List<String> flags = spec.linux().personality().get().flags();
            for (String flag : flags) {
                warnings.add(
                        "linux.personality.flags: "
                                + Texts.quoted(flag)
                                + " is not a flag of the specification, ignoring");
            }
        }
    }

    /** Rules that all labels share. */
    static void check(String field, Optional<String> label, String module, boolean enabled) {
        if (label.isEmpty()) {
            return;
        }
        Texts.noNul(field, label.get());
        if (label.get().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw Texts.invalid(
                    field,
                    label.get(),
                    "is longer than " + MAX_BYTES + " bytes, of which the kernel takes no more",
                    "shorten it");
        }
        if (!enabled) {
            throw Texts.invalid(
                    field, label.get(), "needs " + module + ", which is not enabled", "remove it");
        }
    }
}
