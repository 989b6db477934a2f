/**
 * Judges how well a container is confined, and says what to do about it. A {@link
 * io.jrunc.audit.Rule} looks at one matter; {@link io.jrunc.audit.Audit} has them all. What becomes
 * of a field is in {@code plan}, whether a document is correct in {@code validate}; a document that
 * is correct may well be careless, which is the matter here.
 */
package io.jrunc.audit;
