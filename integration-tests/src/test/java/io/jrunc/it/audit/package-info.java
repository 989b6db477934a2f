// SPDX-License-Identifier: Apache-2.0
/** The command audit, and the records in the kernel's audit log. */
package io.jrunc.it.audit;
