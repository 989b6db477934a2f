// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

/**
 * A comparison of one argument of a system call.
 *
 * @param index which argument, 0 to 5
 * @param value what to compare with, unsigned; the mask for {@link Operator#MASKED_EQ}
 * @param valueTwo the masked value for {@link Operator#MASKED_EQ}, else unused; unsigned
 */
public record ArgCondition(int index, long value, long valueTwo, Operator op) {}
