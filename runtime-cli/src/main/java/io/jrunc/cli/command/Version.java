// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Kernel;
import io.jrunc.spec.Spec;

/** What {@code --version} prints, in the form that engines parse. */
public final class Version {
    /** The version of this program. */
    static final String NUMBER = "0.1.0";

    /** What tools look for, in crun's words. */
    private static final String FEATURES = "+SYSTEMD +SELINUX +APPARMOR +CAP +SECCOMP +EBPF +CRIU";

    private static final String ARCHIVE = "lib/jrunc.jsa";

    private Version() {}

    /** What became of the class-data archive that {@code jrunc-setup} makes. */
    public enum Archive {
        USED("yes"),
        REJECTED("no (made for another Java or jrunc.jar; run bin/jrunc-setup)"),
        MISSING("no");

        private final String words;

        Archive(String words) {
            this.words = words;
        }

        /** Returns whether it is used, and why not. */
        String words() {
            return words;
        }

        /**
         * Returns that of this process. Java passes over an archive without a message if it was
         * made for another Java, or for another or a moved {@code jrunc.jar}.
         */
        public static Archive ofThisProcess(Kernel kernel) {
            String home = System.getProperty("jrunc.home");
            if (home == null || kernel.files().statIfExists(home + ARCHIVE).isEmpty()) {
                return MISSING;
            }
            return System.getProperty("java.vm.info", "").contains("sharing") ? USED : REJECTED;
        }
    }

    /**
     * Returns the lines.
     *
     * @param archive that of the Java which prints them
     * @param served whether a resident runtime prints them
     */
    public static String text(Archive archive, boolean served) {
        return "jrunc version "
                + NUMBER
                + "\ncommit: "
                + System.getProperty("jrunc.commit", "unknown")
                + "\nspec: "
                + Spec.VERSION
                + "\njava: "
                + System.getProperty("java.version")
                + "\narchive: "
                + archive.words
                + "\nresident: "
                + (served ? "yes" : "no")
                + "\n"
                + FEATURES
                + "\n";
    }
}
