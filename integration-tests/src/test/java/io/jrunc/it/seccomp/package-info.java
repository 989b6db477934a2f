// SPDX-License-Identifier: Apache-2.0
/** Filters on the real kernel, and the commands about them. */
package io.jrunc.it.seccomp;
