// SPDX-License-Identifier: Apache-2.0
/**
 * Limits in the hierarchies of cgroup v1, a class per controller. Source: kernel documentation,
 * admin-guide/cgroup-v1.
 */
@NullMarked
package io.jrunc.cgroup.v1;

import org.jspecify.annotations.NullMarked;
