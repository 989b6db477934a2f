// SPDX-License-Identifier: Apache-2.0
/** Callers without privileges, and those that attack containers of root. */
package io.jrunc.it.rootless;
