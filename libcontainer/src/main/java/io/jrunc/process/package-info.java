/**
 * The container's first process: the namespaces it is born into, who it is, what it may do and the
 * program that it becomes.
 */
package io.jrunc.process;
