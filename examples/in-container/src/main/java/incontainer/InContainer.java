// SPDX-License-Identifier: Apache-2.0
package incontainer;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Gives the methods of a test class a sandbox with the host's programs. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SandboxExtension.class)
public @interface InContainer {
    /** How much memory it has, in bytes. */
    long memory() default 256 << 20;

    /** How many processes and threads it may have. */
    int pids() default 64;

    /** How long a program may run. */
    int seconds() default 30;
}
