/** The library in programs of their own. */
package io.jrunc.it.embedding;
