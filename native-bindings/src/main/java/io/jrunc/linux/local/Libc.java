// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.local;

/**
 * The functions of libc that Java calls: all that is native in this program. Only {@code long} and
 * {@code int}: addresses are numbers, which spares jnr-ffi the machinery of its richer types.
 */
public interface Libc {
    /** syscall(2); -1 and errno on failure. */
    long syscall(long number, long a, long b, long c, long d, long e, long f);

    /**
     * syscall(2) for calls with at most five arguments, nearly all: up to six words reach libc
     * without an array that jffi would have to copy and to take apart.
     */
    long syscall(long number, long a, long b, long c, long d, long e);

    /** malloc(3). */
    long malloc(long size);

    /** free(3). */
    void free(long address);

    /** posix_spawn(3); returns the error number. */
    int posix_spawn(long pid, long path, long actions, long attributes, long argv, long envp);

    /** posix_spawn_file_actions_init(3). */
    int posix_spawn_file_actions_init(long actions);

    /** posix_spawn_file_actions_adddup2(3). */
    int posix_spawn_file_actions_adddup2(long actions, int from, int to);

    /** posix_spawn_file_actions_destroy(3). */
    int posix_spawn_file_actions_destroy(long actions);
}
