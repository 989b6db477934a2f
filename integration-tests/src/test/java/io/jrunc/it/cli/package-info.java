// SPDX-License-Identifier: Apache-2.0
/** The command line itself: options, help, logs, and the commands that make no container. */
package io.jrunc.it.cli;
