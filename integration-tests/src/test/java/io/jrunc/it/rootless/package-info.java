/** Callers without privileges, and those that attack containers of root. */
package io.jrunc.it.rootless;
