// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import io.jrunc.seccomp.compile.BpfProgram;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Loads a filter into a thread that ends at once, and takes the time. seccomp(2). */
final class FilterLoader {
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final long SYS_SECCOMP = 317; // on x86-64
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;

    private final LibC libc = LibC.load();
    private final Pointer filter; // lives as long as what points to it
    private final Pointer program;

    FilterLoader(byte[] instructions) {
        Runtime runtime = Runtime.getRuntime(libc);
        filter = Memory.allocateDirect(runtime, instructions.length);
        filter.put(0, instructions, 0, instructions.length);
        program = Memory.allocateDirect(runtime, 16);
        program.putShort(0, (short) (instructions.length / BpfProgram.INSTRUCTION_SIZE));
        program.putPointer(8, filter);
    }

    /** How long one load took, in nanoseconds. */
    long load() throws InterruptedException {
        long[] result = new long[1];
        Thread thread = new Thread(() -> result[0] = measure(), "filtered");
        thread.start();
        thread.join();
        if (result[0] < 0) {
            throw new AssertionError("the kernel refused the filter");
        }
        return result[0];
    }

    private long measure() {
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        long begin = System.nanoTime();
        long answer =
                libc.syscall(
                        SYS_SECCOMP,
                        SECCOMP_SET_MODE_FILTER,
                        SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                        program);
        return answer == 0 ? System.nanoTime() - begin : -1;
    }
}
