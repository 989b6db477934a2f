/**
 * What the kernel's audit log is told of containers, in the words in which libvirt tells of virtual
 * machines, so that tools for those read it: auvirt(8), ausearch(8). Judging how well a container
 * is confined is the business of {@code io.jrunc.audit}.
 */
package io.jrunc.auditlog;
