// SPDX-License-Identifier: Apache-2.0
/** The library in programs of their own. */
package io.jrunc.it.embedding;
