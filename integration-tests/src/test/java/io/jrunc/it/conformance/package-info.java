// SPDX-License-Identifier: Apache-2.0
/**
 * Field by field, what the runtime does with {@code config.json}: a table for people to read, and
 * the tests that keep it true. It becomes the page {@code docs/spec-conformance.md}.
 */
package io.jrunc.it.conformance;
