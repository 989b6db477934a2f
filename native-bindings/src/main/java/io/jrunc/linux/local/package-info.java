// SPDX-License-Identifier: Apache-2.0
/** System calls made here and now, through JNR-FFI: the only native code that Java calls. */
@NullMarked
package io.jrunc.linux.local;

import org.jspecify.annotations.NullMarked;
