// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.spec.Spec;

/** What {@code --version} prints, in the form that engines parse. */
public final class Version {
    /** The version of this program. */
    static final String NUMBER = "0.1.0";

    /** What tools look for, in crun's words; what is not here, such as CRIU, is not in it. */
    private static final String FEATURES = "+SYSTEMD +SELINUX +APPARMOR +CAP +SECCOMP +EBPF";

    private Version() {}

    /**
     * Returns the lines.
     *
     * @param served whether a resident runtime prints them
     */
    public static String text(boolean served) {
        return "jrunc version "
                + NUMBER
                + "\ncommit: "
                + System.getProperty("jrunc.commit", "unknown")
                + "\nspec: "
                + Spec.VERSION
                + "\njava: "
                + System.getProperty("java.version")
                + "\nresident: "
                + (served ? "yes" : "no")
                + "\n"
                + FEATURES
                + "\n";
    }
}
