// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import java.util.List;

/** Lists that are too long for a line. */
public final class Paragraph {
    private static final int WIDTH = 100;

    private Paragraph() {}

    /**
     * Appends words with commas between them, and begins a new line where one would be too long.
     */
    public static void append(StringBuilder text, String beginning, List<String> words) {
        int column = beginning.length();
        text.append(beginning);
        for (int i = 0; i < words.size(); i++) {
            String word = i + 1 < words.size() ? words.get(i) + "," : words.get(i);
            if (i > 0 && column + 1 + word.length() > WIDTH) {
                text.append("\n  ");
                column = 2;
            } else if (i > 0) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
        }
    }
}
