// SPDX-License-Identifier: Apache-2.0
/**
 * What tests are written with: a {@link io.jrunc.it.harness.Bundle} becomes a {@link
 * io.jrunc.it.harness.Container} of the {@link io.jrunc.it.harness.Program} under test, in a {@link
 * io.jrunc.it.harness.Sandbox} that fails the test if anything remains; its {@link
 * io.jrunc.it.harness.Result} is looked at. No test is here.
 */
package io.jrunc.it.harness;
