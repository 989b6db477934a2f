// SPDX-License-Identifier: Apache-2.0
/** create, start, exec, run and delete: what each leaves, leaks and costs, alone and at once. */
package io.jrunc.it.lifecycle;
