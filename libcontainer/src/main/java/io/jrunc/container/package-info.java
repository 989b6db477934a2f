// SPDX-License-Identifier: Apache-2.0
/**
 * The container and its life: what a program that embeds this library talks to. {@link
 * io.jrunc.container.Containers} finds and creates them; state lies in one directory per container,
 * and what a container's status is, is asked of the kernel.
 *
 * <p>A container with the host's pid namespace, its {@code /tmp} or the program's uid is a
 * neighbour of the program's JVM, and can attach to it: start the JVM with {@code
 * -XX:+DisableAttachMechanism -Xrs -XX:-UsePerfData}, or give no container these. A path in an
 * option means what it means to this JVM.
 */
@NullMarked
package io.jrunc.container;

import org.jspecify.annotations.NullMarked;
