// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.util.regex.Pattern;

/** What the runtime says when it fails. */
public final class Sentence {
    private static final Pattern UNCLEAN =
            Pattern.compile("\\\\n|(?<!/dev/)\\bnull\\b|Exception|java[.]|io[.]jrunc|\\w[$]\\w");

    private Sentence() {}

    /** Whether it is one line, and knows nothing of Java. */
    public static boolean isClean(String text) {
        return text.lines().count() == 1 && !UNCLEAN.matcher(text).find();
    }
}
