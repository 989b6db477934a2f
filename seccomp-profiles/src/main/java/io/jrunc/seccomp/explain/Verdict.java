// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.seccomp.Action;
import java.util.OptionalInt;

/**
 * What a profile decides about a call, and which part of it does.
 *
 * @param errno the error of {@link Action#ERRNO}; for other actions empty
 * @param rule the field of {@code config.json} that decided, and what it says
 */
public record Verdict(Action action, OptionalInt errno, String rule) {}
