package io.jrunc.seccomp;

import jnr.ffi.LibraryLoader;

/** What the tests need to receive a filter from libseccomp. */
public interface LibC {
    static LibC load() {
        return LibraryLoader.create(LibC.class).failImmediately().load("libc.so.6");
    }

    int memfd_create(String name, int flags);

    int close(int descriptor);
}
