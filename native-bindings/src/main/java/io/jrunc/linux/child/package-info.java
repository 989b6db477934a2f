// SPDX-License-Identifier: Apache-2.0
/** System calls made by a process that is told what to do; its side is in {@code src/main/c}. */
package io.jrunc.linux.child;
