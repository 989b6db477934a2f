// SPDX-License-Identifier: Apache-2.0
/**
 * Makes a site of the documents: a page of HTML for each document, without scripts, at the same
 * path. What the documents say is written in Markdown, and nowhere here.
 */
@NullMarked
package io.jrunc.site;

import org.jspecify.annotations.NullMarked;
