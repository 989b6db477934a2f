// SPDX-License-Identifier: Apache-2.0
/** What the program starts with: user, limits, keyring, streams, labels. */
package io.jrunc.it.process;
