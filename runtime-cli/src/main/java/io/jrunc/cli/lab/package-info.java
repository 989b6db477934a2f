// SPDX-License-Identifier: Apache-2.0
/**
 * Experiments with what confines a container, step by step. {@link io.jrunc.cli.lab.Lab} lists
 * them; {@link io.jrunc.cli.lab.Bench} is what they are made with.
 */
@NullMarked
package io.jrunc.cli.lab;

import org.jspecify.annotations.NullMarked;
