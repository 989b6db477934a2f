// SPDX-License-Identifier: Apache-2.0
/** The resident runtime: which requests it takes, from which callers, and what is left of it. */
package io.jrunc.it.serve;
