// SPDX-License-Identifier: Apache-2.0
/**
 * System calls, by subject, in the words of the manual, and what they take and answer. Set-up code
 * talks to a {@link io.jrunc.linux.Kernel}; where the call is really made is the business of {@code
 * linux.local} and {@code linux.child} next door. Depends on nothing.
 */
@NullMarked
package io.jrunc.linux;

import org.jspecify.annotations.NullMarked;
