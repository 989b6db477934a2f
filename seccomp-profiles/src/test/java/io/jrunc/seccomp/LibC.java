// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/** What the tests need to receive a filter from libseccomp. */
public interface LibC {
    static LibC load() {
        return LibraryLoader.create(LibC.class).failImmediately().load("libc.so.6");
    }

    int memfd_create(String name, int flags);

    int close(int descriptor);

    /** prctl(2). */
    int prctl(int option, long argument, long zero, long alsoZero, long zeroAgain);

    /** syscall(2), for seccomp(2). */
    long syscall(long number, long operation, long flags, Pointer argument);
}
