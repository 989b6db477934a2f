// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** What a {@link Call} asks for: a system call, or one of the few things beside them. */
public interface Operation {
    /** Returns the system call's number; negative for what only the child understands. */
    int number();

    /** Returns the name in the manual. */
    String manualName();
}
