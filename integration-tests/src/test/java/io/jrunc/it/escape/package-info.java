// SPDX-License-Identifier: Apache-2.0
/**
 * Attacks that have led out of containers of some runtime, mounted on this one: a class per family.
 * {@code escape/catalogue.json} names all that are known; what tests it, what defends against it
 * and how the test was seen to bite becomes the page {@code docs/escapes.md}.
 */
package io.jrunc.it.escape;
