// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.linux.OneLine;
import java.util.List;

/** Rules that many strings share. */
final class Texts {
    private static final int SHOWN_CHARACTERS = 64;

    private Texts() {}

    /** In quotes, shortened, without characters that a terminal would obey. */
    static String quoted(String value) {
        boolean all = value.length() <= SHOWN_CHARACTERS;
        String shown = OneLine.of(all ? value : value.substring(0, SHOWN_CHARACTERS));
        return '"' + shown + (all ? "\"" : "…\"");
    }

    static Failure invalid(String field, String value, String problem, String remedy) {
        return Failure.invalid(field, quoted(value) + ' ' + problem, remedy);
    }

    static void notEmpty(String field, String value, String remedy) {
        if (value.isEmpty()) {
            throw Failure.invalid(field, "is empty", remedy);
        }
    }

    /** The kernel ends a string at the first NUL: what follows would be checked but not used. */
    static void noNul(String field, String value) {
        if (value.indexOf('\0') >= 0) {
            throw invalid(field, value, "contains a NUL character", "remove it");
        }
    }

    static void noNul(String field, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            noNul(field + '[' + i + ']', values.get(i));
        }
    }

    static void absolute(String field, String path) {
        notEmpty(field, path, "write an absolute path");
        noNul(field, path);
        if (path.charAt(0) != '/') {
            throw invalid(field, path, "is not absolute", "write " + quoted('/' + path));
        }
    }

    static void absolute(String field, List<String> paths) {
        for (int i = 0; i < paths.size(); i++) {
            absolute(field + '[' + i + ']', paths.get(i));
        }
    }

    /** Each an {@code NAME=value}, which is what execve(2) passes on unseen. */
    static void environment(String field, List<String> environment) {
        for (int i = 0; i < environment.size(); i++) {
            String entry = environment.get(i);
            String at = field + '[' + i + ']';
            noNul(at, entry);
            int equals = entry.indexOf('=');
            if (equals < 0) {
                throw invalid(at, entry, "has no value", "write NAME=value");
            }
            if (equals == 0) {
                throw invalid(at, entry, "has no name", "write NAME=value");
            }
        }
    }
}
