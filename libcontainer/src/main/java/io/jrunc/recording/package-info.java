/**
 * Which system calls a container makes, and which are denied: by listening to a filter that asks
 * about all of them, or by reading the kernel's log. What follows from them is computed by {@code
 * io.jrunc.seccomp}.
 */
package io.jrunc.recording;
