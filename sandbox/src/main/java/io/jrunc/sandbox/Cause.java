// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

/** Why a program in a sandbox has ended. */
public enum Cause {
    /** It exited by itself; {@link Result#exitCode} says how. */
    EXIT,
    /** A signal ended it, for example that of a crash. */
    SIGNAL,
    /** It ran longer than {@link Sandbox#timeout} allows, and was killed. */
    TIMEOUT,
    /** It failed after the kernel had killed a process of it, because memory ran out. */
    OOM,
    /** It failed after the kernel had refused it a further process or thread. */
    PIDS,
    /** It wrote more than {@link Sandbox#maxOutput} allows, and was killed. */
    OUTPUT,
    /** The filter of system calls ended it. */
    DENIED,
    /** The calling program ended it: by {@link Running#kill}, by closing, or by an interrupt. */
    KILLED
}
