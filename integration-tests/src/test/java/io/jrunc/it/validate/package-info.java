// SPDX-License-Identifier: Apache-2.0
/** Specifications that are refused, and sections that are ignored. */
package io.jrunc.it.validate;
