/** Specifications that are refused, and sections that are ignored. */
package io.jrunc.it.validate;
