package io.jrunc.cli;

import io.jrunc.spec.Spec;

/** What {@code --version} prints, in the form that engines parse. */
final class Version {
    /** The version of this program. */
    static final String NUMBER = "0.1.0";

    private Version() {}

    static String text() {
        return "jrunc version "
                + NUMBER
                + "\ncommit: "
                + System.getProperty("jrunc.commit", "unknown")
                + "\nspec: "
                + Spec.VERSION
                + "\njava: "
                + System.getProperty("java.version")
                + "\n";
    }
}
