// SPDX-License-Identifier: Apache-2.0
/**
 * Sandboxes for JVM programs. {@link io.jrunc.sandbox.Sandboxes#open} gives a program a place for
 * them, {@link io.jrunc.sandbox.Sandbox} says what one is like, {@link
 * io.jrunc.sandbox.Sandbox#run} runs a command in a new one and returns its {@link
 * io.jrunc.sandbox.Result}.
 *
 * <p>A sandbox is a container that is confined as far as an ordinary program can be: a user
 * namespace, no capabilities, a strict filter of system calls, no network, a read-only root, and
 * limits. All classes here are safe for use by several threads. What cannot be done is a {@link
 * io.jrunc.linux.Failure}, with a code for programs and a sentence for people.
 */
@NullMarked
package io.jrunc.sandbox;

import org.jspecify.annotations.NullMarked;
