// SPDX-License-Identifier: Apache-2.0
/**
 * Classes between the runtime and the kernel: they count system calls, make one of them fail, or
 * kill the runtime after one. They are loaded into the runtime under test; the tests evaluate their
 * reports.
 */
package io.jrunc.it.guard;
