// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import io.jrunc.linux.Strings;

/** Names of users. passwd(5). */
public final class Users {
    private Users() {}

    /** Returns the name of {@code uid}, or {@code #uid} if it has none. */
    public static String name(int uid) {
        for (String line : Strings.ofFileIfReadable("/etc/passwd").split("\n", -1)) {
            String[] fields = line.split(":", -1);
            if (fields.length > 2 && fields[2].equals(Integer.toString(uid))) {
                return fields[0];
            }
        }
        return "#" + uid;
    }
}
