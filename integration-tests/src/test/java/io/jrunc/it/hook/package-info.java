// SPDX-License-Identifier: Apache-2.0
/** Hooks: when each runs, and with what. */
package io.jrunc.it.hook;
