// SPDX-License-Identifier: Apache-2.0
/**
 * {@code config.json} to records and back. The entries are {@link io.jrunc.spec.json.SpecReader},
 * {@link io.jrunc.spec.json.SpecWriter}, and {@link io.jrunc.spec.json.SpecDocument} for a document
 * that is changed in places; {@link io.jrunc.spec.json.Fields} reads any other object, and says
 * which field is wrong. Rules between fields belong in {@code validate}.
 */
@NullMarked
package io.jrunc.spec.json;

import org.jspecify.annotations.NullMarked;
