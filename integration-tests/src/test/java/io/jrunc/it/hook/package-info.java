/** Hooks: when each runs, and with what. */
package io.jrunc.it.hook;
