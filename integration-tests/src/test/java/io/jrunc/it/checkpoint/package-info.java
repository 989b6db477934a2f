// SPDX-License-Identifier: Apache-2.0
/** checkpoint and restore: with criu(8), on the real kernel. */
package io.jrunc.it.checkpoint;
