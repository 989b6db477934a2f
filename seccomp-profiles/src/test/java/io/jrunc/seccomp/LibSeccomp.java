// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** The functions of libseccomp that the tests compare with; seccomp.h. */
public interface LibSeccomp {
    /** Answer of the resolvers for an unknown name. */
    int ERROR = -1;

    int ATTRIBUTE_OPTIMIZE = 8;
    int BINARY_TREE = 2;

    /** Loads the library; fails with {@link UnsatisfiedLinkError} where it is not installed. */
    static LibSeccomp load() {
        return LibraryLoader.create(LibSeccomp.class).failImmediately().load("libseccomp.so.2");
    }

    static Runtime runtime(LibSeccomp library) {
        return Runtime.getRuntime(library);
    }

    Pointer seccomp_init(int defaultAction);

    void seccomp_release(Pointer context);

    int seccomp_arch_add(Pointer context, int architecture);

    int seccomp_arch_remove(Pointer context, int architecture);

    int seccomp_arch_native();

    int seccomp_attr_set(Pointer context, int attribute, int value);

    int seccomp_syscall_resolve_name(String name);

    int seccomp_syscall_resolve_name_arch(int architecture, String name);

    String seccomp_syscall_resolve_num_arch(int architecture, int number);

    int seccomp_rule_add_array(
            Pointer context, int action, int number, int count, Pointer conditions);

    int seccomp_export_bpf(Pointer context, int descriptor);
}
