// SPDX-License-Identifier: Apache-2.0
/** System calls made here and now, through JNR-FFI: the only native code that Java calls. */
package io.jrunc.linux.local;
