// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Hook;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.Spec;
import java.util.List;

/** {@code hooks}. Source: runtime-spec config.md#posix-platform-hooks. */
final class HooksCheck extends Check {
    HooksCheck() {
        super("hooks");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        List<List<Hook>> lists = spec.hooks().inOrder();
        for (int i = 0; i < lists.size(); i++) {
            for (int j = 0; j < lists.get(i).size(); j++) {
                hook("hooks." + Hooks.NAMES.get(i) + '[' + j + ']', lists.get(i).get(j));
            }
        }
    }

    private static void hook(String field, Hook hook) {
        Texts.absolute(field + ".path", hook.path());
        Texts.noNul(field + ".args", hook.args());
        if (hook.env().isPresent()) {
            Texts.environment(field + ".env", hook.env().get());
        }
        if (hook.timeoutSeconds().orElse(1) <= 0) {
            throw Failure.invalid(
                    field + ".timeout",
                    hook.timeoutSeconds().getAsInt() + " is no time",
                    "write seconds, at least 1, or remove it to wait for ever");
        }
    }
}
