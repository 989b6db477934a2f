// SPDX-License-Identifier: Apache-2.0
/**
 * Somebody stands between the runtime and its kernel: counts the system calls, has one of them
 * fail, or ends the runtime before one. These classes are loaded into the runtime under test; what
 * they find is for the tests to judge.
 */
package io.jrunc.it.guard;
