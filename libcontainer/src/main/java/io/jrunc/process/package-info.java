// SPDX-License-Identifier: Apache-2.0
/**
 * What the program's process has when it starts: environment, directory, streams, keyring, limits
 * and scheduling, and the calls that end in execve(2). The entries are {@link
 * io.jrunc.process.ProcessSteps}, {@link io.jrunc.process.MachineSteps} and {@link
 * io.jrunc.process.ProgramStart}. Users and capabilities are next door in {@code credentials}, the
 * namespaces in {@code namespace}, the look-up of the program in {@code program}.
 */
@NullMarked
package io.jrunc.process;

import org.jspecify.annotations.NullMarked;
