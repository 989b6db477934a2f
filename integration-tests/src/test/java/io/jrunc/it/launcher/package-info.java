// SPDX-License-Identifier: Apache-2.0
/** What the launcher does for the caller: paths, signals, small limits, readiness messages. */
package io.jrunc.it.launcher;
