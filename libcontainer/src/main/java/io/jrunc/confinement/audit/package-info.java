/**
 * Judges how well a container is confined, and says what to do about it. A {@code Rule} looks at
 * one matter; the entry {@link io.jrunc.confinement.audit.Audit} has them all. Whether a document
 * is correct is decided in {@code validate}; a document that is correct may well be careless, which
 * is the matter here.
 */
package io.jrunc.confinement.audit;
