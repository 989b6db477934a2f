// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which known ways out of a container, or to more rights in it, a test goes: {@code
 * "CVE-2019-5736"}, or another name in {@code escape/catalogue.json}. The page {@code
 * docs/escapes.md} lists them. On a class it is about all tests of the class.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Escape {
    String[] value();
}
