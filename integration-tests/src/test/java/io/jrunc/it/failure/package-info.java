// SPDX-License-Identifier: Apache-2.0
/** A failing call, a killed runtime or a damaged state directory at each step. */
package io.jrunc.it.failure;
