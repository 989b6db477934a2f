// SPDX-License-Identifier: Apache-2.0
/** The container's terminal: opened inside, its master sent to the caller outside. pty(7). */
@NullMarked
package io.jrunc.console;

import org.jspecify.annotations.NullMarked;
