// SPDX-License-Identifier: Apache-2.0
/** System calls that another process makes; its C source is in {@code src/main/c}. */
@NullMarked
package io.jrunc.linux.child;

import org.jspecify.annotations.NullMarked;
