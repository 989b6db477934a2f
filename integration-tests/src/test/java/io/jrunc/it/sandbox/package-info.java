// SPDX-License-Identifier: Apache-2.0
/** Sandboxes in this program, and in programs of their own. */
package io.jrunc.it.sandbox;
