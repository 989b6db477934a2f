// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/**
 * Text for a terminal or a log that may hold words of strangers: names from an image, values from a
 * specification. They could forge lines, or take hold of the reader's terminal.
 */
public final class OneLine {
    private static final int HEAD = 600;
    private static final int TAIL = 300;
    private static final char REPLACEMENT = '\ufffd';

    private OneLine() {}

    /** Returns the text as {@link #clean} gives it, without the middle of a very long one. */
    public static String of(String text) {
        if (text.length() <= HEAD + TAIL) {
            return clean(text);
        }
        return clean(text.substring(0, HEAD) + '…' + text.substring(text.length() - TAIL));
    }

    /** Returns the text with each character replaced that is not one to be read. */
    public static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            clean.append(isHarmless(c, i, text) ? c : REPLACEMENT);
        }
        return clean.toString();
    }

    private static boolean isHarmless(char c, int at, String text) {
        if (Character.isHighSurrogate(c)) {
            return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        }
        return !Character.isISOControl(c) && !isLineOrDirection(c);
    }

    /** U+2028 ends a line; the others turn the direction of what is read after them. */
    private static boolean isLineOrDirection(char c) {
        return (c >= '\u2028' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }
}
