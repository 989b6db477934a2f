// SPDX-License-Identifier: Apache-2.0
/**
 * From a filter to the BPF program that the kernel loads. The entry is {@link
 * io.jrunc.seccomp.compile.FilterCompiler}; its {@link io.jrunc.seccomp.compile.Decision} graph is
 * also what {@code explain} reads. Loading the program belongs in {@code process}.
 */
@NullMarked
package io.jrunc.seccomp.compile;

import org.jspecify.annotations.NullMarked;
