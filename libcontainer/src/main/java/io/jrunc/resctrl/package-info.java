// SPDX-License-Identifier: Apache-2.0
/**
 * Groups of the resctrl file system, which share out cache and memory bandwidth and measure their
 * use. Source: runtime-spec config-linux.md#intelrdt, Documentation/filesystems/resctrl.rst.
 */
@NullMarked
package io.jrunc.resctrl;

import org.jspecify.annotations.NullMarked;
