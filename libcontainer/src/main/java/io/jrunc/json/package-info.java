// SPDX-License-Identifier: Apache-2.0
/**
 * JSON as such: {@link io.jrunc.json.JsonTree} parses with Jackson's streaming parser, {@link
 * io.jrunc.json.JsonText} writes. What the documents of the OCI mean is next door in {@code
 * spec.json}.
 */
@NullMarked
package io.jrunc.json;

import org.jspecify.annotations.NullMarked;
