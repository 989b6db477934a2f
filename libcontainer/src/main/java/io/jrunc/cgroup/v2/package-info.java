// SPDX-License-Identifier: Apache-2.0
/**
 * Limits in the unified hierarchy, a class per controller. Source: kernel documentation,
 * admin-guide/cgroup-v2.
 */
@NullMarked
package io.jrunc.cgroup.v2;

import org.jspecify.annotations.NullMarked;
