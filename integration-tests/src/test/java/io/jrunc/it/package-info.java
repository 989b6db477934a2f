// SPDX-License-Identifier: Apache-2.0
/**
 * Drives the built program on a real kernel, and asks what a container sees.
 *
 * <p>A test makes a {@link io.jrunc.it.harness.Bundle}, runs it or makes a {@link
 * io.jrunc.it.harness.Container} of it, and looks at the {@link io.jrunc.it.harness.Result}. Each
 * test has a {@link io.jrunc.it.harness.Sandbox} of its own, which fails the test if anything of it
 * remains on the host. Tests name what they need in {@link io.jrunc.it.harness.Requires} and are
 * skipped, with the reason, where it is missing.
 *
 * <p>{@code -Druntime=runc}, or the path of another runtime, runs the same tests on that: a test
 * that it fails is suspect.
 */
package io.jrunc.it;
