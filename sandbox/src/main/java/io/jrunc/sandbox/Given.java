// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.linux.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Checks of arguments, each with a sentence that names the method. */
final class Given {
    private Given() {}

    /** Returns {@code value}, which must not be null. */
    static <T> T present(T value, String what) {
        return Objects.requireNonNull(value, () -> what + " is null");
    }

    /** Returns the words of a command, none of which may be null. */
    static List<String> words(List<String> command, String what) {
        List<String> words = present(command, what);
        for (int i = 0; i < words.size(); i++) {
            present(words.get(i), what + "[" + i + "]");
        }
        return List.copyOf(words);
    }

    /** Returns {@code value}, which must be at least {@code least}. */
    static long atLeast(long least, long value, String what) {
        if (value < least) {
            throw Failure.invalid(what, value + " is less than " + least);
        }
        return value;
    }

    /** Returns an absolute path inside the sandbox, which must be one. */
    static String inside(String path, String what) {
        String given = present(path, what);
        if (!given.startsWith("/") || given.contains("\0")) {
            throw Failure.invalid(
                    what, "\"" + given + "\" is not absolute", "begin it with a slash");
        }
        return given;
    }

    /** Returns a path of the host, made absolute; the file must exist. */
    static Path existing(Path path, String what) {
        Path absolute = present(path, what).toAbsolutePath().normalize();
        if (!absolute.toFile().exists()) {
            throw Failure.invalid(what, absolute + " does not exist", "create it first");
        }
        return absolute;
    }
}
