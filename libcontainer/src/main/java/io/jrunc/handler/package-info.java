// SPDX-License-Identifier: Apache-2.0
/**
 * Programs that the kernel does not execute by itself, such as WebAssembly modules and Java
 * archives, and the table of the host's programs that execute them. The entry is {@link
 * io.jrunc.handler.HandledProgram}. How an ELF program is read is next door in {@code program}; the
 * step that opens the host's program is in {@code rootfs}.
 */
@NullMarked
package io.jrunc.handler;

import org.jspecify.annotations.NullMarked;
