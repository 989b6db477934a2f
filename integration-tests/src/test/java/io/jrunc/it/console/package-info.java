// SPDX-License-Identifier: Apache-2.0
/** Terminals of containers. */
package io.jrunc.it.console;
