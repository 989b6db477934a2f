// SPDX-License-Identifier: Apache-2.0
/**
 * What a filter does, for people: which rule decides a call ({@link
 * io.jrunc.seccomp.explain.RuleExplainer}), the filter as pseudo code ({@link
 * io.jrunc.seccomp.explain.FilterText}), the difference of two ({@link
 * io.jrunc.seccomp.explain.FilterComparison}), and what is risky in one ({@link
 * io.jrunc.seccomp.explain.FilterReview}). Printing belongs in the command line.
 */
@NullMarked
package io.jrunc.seccomp.explain;

import org.jspecify.annotations.NullMarked;
