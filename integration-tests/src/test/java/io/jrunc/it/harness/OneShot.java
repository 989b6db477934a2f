// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks tests about a command that starts a JVM of its own: no resident runtime serves them, with
 * {@code -Djrunc.served} either.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneShot {
    /** Why a resident runtime would change what is tested. */
    public String value();
}
