/** Terminals of containers. */
package io.jrunc.it.console;
