// SPDX-License-Identifier: Apache-2.0
/** The container's terminal: made inside, handed to whoever asked for it outside. pty(7). */
package io.jrunc.console;
