// SPDX-License-Identifier: Apache-2.0
/** Control groups and resctrl: limits, updates, statistics, pausing, out of memory. */
package io.jrunc.it.cgroup;
