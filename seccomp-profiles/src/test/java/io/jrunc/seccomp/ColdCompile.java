// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp;

import io.jrunc.seccomp.compile.BpfProgram;
import io.jrunc.seccomp.compile.FilterCompiler;

/** Compiles the default profile once, in a new JVM, and prints the nanoseconds that it took. */
public final class ColdCompile {
    private ColdCompile() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        Seccomp profile = Profiles.byDefault();
        long begin = System.nanoTime();
        BpfProgram program = FilterCompiler.compile(profile, Architecture.X86_64);
        long end = System.nanoTime();
        if (program.length() == 0) {
            throw new AssertionError("no filter");
        }
        System.out.println(end - begin);
    }
}
