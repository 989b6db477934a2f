// SPDX-License-Identifier: Apache-2.0
/** What a resctrl group measures. Programs that embed the library see this, not {@code resctrl}. */
@NullMarked
package io.jrunc.resctrl.stats;

import org.jspecify.annotations.NullMarked;
