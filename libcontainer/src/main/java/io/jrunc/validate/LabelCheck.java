package io.jrunc.validate;

import io.jrunc.spec.Spec;
import java.util.List;

/** {@code linux.mountLabel} and {@code linux.personality}. Source: runtime-spec config-linux.md. */
final class LabelCheck extends Check {
    LabelCheck() {
        super("mount label and personality");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        if (spec.linux().mountLabel().isPresent()) {
            String label = spec.linux().mountLabel().get();
            Texts.noNul("linux.mountLabel", label);
            if (!facts.selinux()) {
                throw Texts.invalid(
                        "linux.mountLabel",
                        label,
                        "needs SELinux, which is not enabled",
                        "remove it");
            }
        }
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
}
