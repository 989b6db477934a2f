// SPDX-License-Identifier: Apache-2.0
/**
 * Records for the kernel's audit log, in the words in which libvirt describes virtual machines, so
 * that tools for those read them: auvirt(8), ausearch(8). The entry is {@link
 * io.jrunc.kernelaudit.AuditLog}. Judging how well a container is confined belongs in {@code
 * confinement.audit}.
 */
@NullMarked
package io.jrunc.kernelaudit;

import org.jspecify.annotations.NullMarked;
