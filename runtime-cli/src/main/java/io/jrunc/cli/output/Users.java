// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import io.jrunc.linux.Strings;
import java.util.HashMap;
import java.util.Map;

/** Names of users, as /etc/passwd has them when this is made. passwd(5). */
public final class Users {
    private final Map<String, String> names = new HashMap<>();

    public Users() {
        for (String line : Strings.ofFileIfReadable("/etc/passwd").split("\n", -1)) {
            String[] fields = line.split(":", -1);
            if (fields.length > 2) {
                names.putIfAbsent(fields[2], fields[0]);
            }
        }
    }

    /** Returns the name of {@code uid}, or {@code #uid} if it has none. */
    public String name(int uid) {
        return names.getOrDefault(Integer.toString(uid), "#" + uid);
    }
}
