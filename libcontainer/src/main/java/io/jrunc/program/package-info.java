// SPDX-License-Identifier: Apache-2.0
/**
 * Programs: {@link io.jrunc.program.FindProgram} finds the container's as execvp(3) would and
 * checks that the kernel can execute it, ELF header and shared libraries included; {@link
 * io.jrunc.program.HostProgram} runs one of the host. Its arguments, environment and limits belong
 * in {@code process}.
 */
@NullMarked
package io.jrunc.program;

import org.jspecify.annotations.NullMarked;
