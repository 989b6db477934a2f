// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.seccomp.FilterFlag;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SeccompFlags;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.List;

/**
 * Makes sure that the kernel knows the flags which the seccomp filter will be loaded with: that
 * happens only at start. seccomp(2).
 */
public record CheckFilterFlags(long flags) implements Step {
    /** Returns the step for a profile that names flags, or none. */
    public static List<Step> of(Seccomp profile) {
        List<FilterFlag> named = profile.flags().orElse(List.of());
        return named.isEmpty()
                ? List.of()
                : List.of(new CheckFilterFlags(SeccompFlags.of(profile)));
    }

    @Override
    public String title() {
        return "make sure that the kernel knows the flags of the seccomp filter";
    }

    @Override
    public String field() {
        return "linux.seccomp.flags";
    }

    @Override
    public void apply(SetupContext context) {
        context.init().credentials().checkFilterFlags(flags).submit();
    }
}
