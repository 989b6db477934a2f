// SPDX-License-Identifier: Apache-2.0
/**
 * The documents of the OCI runtime specification 1.3 as records: {@code config.json}, the state
 * document and the features document, with their readers and writers.
 *
 * <p>A record means what the specification says about one object of the document, and copies its
 * lists. Absence is an empty {@code Optional}, list or map. Objects all of whose members may be
 * absent ({@code linux}, {@code resources}, {@code hooks}, …) are never absent themselves: they are
 * empty.
 *
 * <p>Here belongs what a value means on its own: type, range, spelling. Rules between fields, and
 * rules that look at the host, are next door in {@code validate}; what to do about a field is in
 * {@code setup}.
 */
@NullMarked
package io.jrunc.spec;

import org.jspecify.annotations.NullMarked;
