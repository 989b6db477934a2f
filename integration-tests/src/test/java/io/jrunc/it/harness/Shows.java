// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which fields of {@code config.json} a test shows the effect of, on a real container: {@code
 * "process.rlimits.soft"}, or one value of a field, {@code "mounts.options=rro"}. The page {@code
 * docs/spec-conformance.md} lists them.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Shows {
    String[] value();
}
