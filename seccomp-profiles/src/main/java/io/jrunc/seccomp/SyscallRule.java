// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import java.util.List;
import java.util.OptionalInt;

/**
 * What to do with some system calls. Source: runtime-spec config-linux.md#seccomp.
 *
 * @param errnoRet the error for {@link Action#ERRNO} (and the message for {@link Action#TRACE});
 *     empty is EPERM
 * @param args conditions; all must hold, but conditions on the same argument are alternatives
 */
public record SyscallRule(
        List<String> names, Action action, OptionalInt errnoRet, List<ArgCondition> args) {
    public SyscallRule {
        names = List.copyOf(names);
        args = List.copyOf(args);
    }
}
