// SPDX-License-Identifier: Apache-2.0
package com.kenai.jffi.internal;

/**
 * Takes the place of jffi's class of this name in the distribution, where the library lies ready to
 * be loaded. The original looks in many places, unpacks, and logs: a fifth of the time that {@code
 * jrunc state} takes goes into java.util.logging alone. Its callers use these two methods.
 */
public final class StubLoader {
    private static Throwable failure;

    static {
        try {
            System.load(System.getProperty("jffi.boot.library.path") + "/libjffi-1.2.so");
        } catch (UnsatisfiedLinkError e) {
            failure = e;
        }
    }

    private StubLoader() {}

    /** Whether the library can be used. */
    public static boolean isLoaded() {
        return failure == null;
    }

    /** Why not; null if it can. */
    public static Throwable getFailureCause() {
        return failure;
    }
}
