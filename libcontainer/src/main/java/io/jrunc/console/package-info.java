// SPDX-License-Identifier: Apache-2.0
/** The container's terminal: opened inside, its master sent to the caller outside. pty(7). */
package io.jrunc.console;
