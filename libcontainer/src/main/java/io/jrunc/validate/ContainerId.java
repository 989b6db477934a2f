// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;

/** The form of a container's id, which names a directory and perhaps a cgroup. */
public final class ContainerId {
    /** {@code NAME_MAX}. */
    private static final int MAX_LENGTH = 255;

    private static final String FORM =
            "1 to 255 letters, digits and any of _ + - . but no full stop first";

    private ContainerId() {}

    /** Refuses an {@code id} of another form; engines look for the words of the message. */
    public static void check(String id) {
        if (!isValid(id)) {
            throw Failure.of(
                    Failure.Code.INVALID_ID,
                    "invalid container ID format: " + Texts.quoted(id),
                    id,
                    FORM);
        }
    }

    private static boolean isValid(String id) {
        // crun 1.28: a full stop first hides the directory, or makes it "." or "..".
        if (id.isEmpty() || id.length() > MAX_LENGTH || id.charAt(0) == '.') {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && "_+-.".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
