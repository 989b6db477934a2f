// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.List;
import java.util.Optional;

/** {@code linux.timeOffsets}. Source: runtime-spec config-linux.md, time_namespaces(7). */
final class TimeOffsetCheck extends Check {
    TimeOffsetCheck() {
        super("time offsets");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        if (spec.linux().timeOffsets().isEmpty()) {
            return;
        }
        Optional<Namespace> time = spec.linux().namespace(NamespaceType.TIME);
        if (time.isEmpty()) {
            throw Failure.invalid(
                    "linux.timeOffsets",
                    "needs a time namespace",
                    "add {\"type\": \"time\"} to linux.namespaces");
        }
        if (time.get().path().isPresent()) {
            throw Failure.invalid(
                    "linux.timeOffsets",
                    "cannot change the time namespace "
                            + Texts.quoted(time.get().path().get())
                            + ", which exists",
                    "remove the offsets or the path");
        }
    }
}
