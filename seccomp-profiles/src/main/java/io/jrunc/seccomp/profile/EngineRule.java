// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.profile;

import io.jrunc.seccomp.SyscallRule;

/**
 * A rule of an engine's profile.
 *
 * @param includes the rule counts only if all of this is so
 * @param excludes the rule does not count if any of this is so
 */
public record EngineRule(SyscallRule rule, Requirement includes, Requirement excludes) {
    boolean countsIn(ProfileContext profileContext) {
        return includes.isMetBy(profileContext) && !excludes.isTouchedBy(profileContext);
    }
}
