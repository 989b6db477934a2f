/** Filters on the real kernel, and the commands about them. */
package io.jrunc.it.seccomp;
