// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** The machine that this program runs on. */
public final class Machine {
    /** Whether this is arm64; otherwise it is x86-64, for nothing else is supported. */
    static final boolean ARM64 = isArm64();

    private Machine() {}

    /** As {@code uname -m} says: {@code x86_64} or {@code aarch64}. */
    public static String name() {
        return ARM64 ? "aarch64" : "x86_64";
    }

    private static boolean isArm64() {
        String arch = System.getProperty("os.arch");
        if (arch.equals("aarch64")) {
            return true;
        }
        if (arch.equals("amd64")) {
            return false;
        }
        throw Failure.of(
                Failure.Code.UNSUPPORTED, "jrunc runs on x86-64 and arm64, not on " + arch);
    }
}
