// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

/** How long the containers of a program may live. */
public enum Lifetime {
    /** They end with the program, even if it is killed; unless they were handed over. */
    ENDS_WITH_JVM,
    /** They go on if the program is killed. */
    OUTLIVES_JVM
}
