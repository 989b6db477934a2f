// SPDX-License-Identifier: Apache-2.0
/**
 * A seccomp filter as the specification writes it: {@link io.jrunc.seccomp.Seccomp}, its rules,
 * actions and flags, and the numbers of the system calls. What is made of it is next door: {@code
 * compile} makes the BPF program, {@code profile} the filter of an engine's document, {@code
 * explain} the reasons for a verdict, {@code record} a filter of observed calls. No system call is
 * made in any of them.
 */
@NullMarked
package io.jrunc.seccomp;

import org.jspecify.annotations.NullMarked;
