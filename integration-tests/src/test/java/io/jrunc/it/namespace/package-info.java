// SPDX-License-Identifier: Apache-2.0
/** Namespaces: created, joined, with their maps and their network devices. */
package io.jrunc.it.namespace;
