// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host;

import io.jrunc.linux.Strings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ids of the host that an administrator has set aside for an ordinary user's user namespaces.
 * Source: subuid(5), subgid(5).
 */
public record SubordinateIds(long first, long count) {
    private static final String NUMBER = "\\d{1,10}";

    /** Returns the user ids of {@code uid}: its first range; empty if it has none. */
    public static Optional<SubordinateIds> uids(int uid) {
        return of("/etc/subuid", uid);
    }

    /** Returns the group ids of {@code uid}: its first range; empty if it has none. */
    public static Optional<SubordinateIds> gids(int uid) {
        return of("/etc/subgid", uid);
    }

    private static Optional<SubordinateIds> of(String file, int uid) {
        return of(Strings.ofFileIfReadable(file), Strings.ofFileIfReadable("/etc/passwd"), uid);
    }

    /** Returns the same, from the texts of the files. */
    static Optional<SubordinateIds> of(String grants, String passwd, int uid) {
        String name = nameOf(Integer.toUnsignedString(uid), passwd);
        return granted(grants, name, uid).stream().filter(ids -> ids.count > 0).findFirst();
    }

    /**
     * Returns all ranges of a user.
     *
     * @param grants in the form of subuid(5)
     * @param name of the user; may be empty
     */
    public static List<SubordinateIds> granted(String grants, String name, int uid) {
        String number = Integer.toUnsignedString(uid);
        List<SubordinateIds> granted = new ArrayList<>();
        for (String line : grants.split("\n", -1)) {
            String owner = line.strip().split(":", -1)[0];
            if (owner.equals(number) || !name.isEmpty() && owner.equals(name)) {
                ofLine(line).ifPresent(granted::add);
            }
        }
        return granted;
    }

    /** Returns the range of a line {@code name:first:count}; empty if it is none. */
    static Optional<SubordinateIds> ofLine(String line) {
        String[] parts = line.strip().split(":", -1);
        return parts.length == 3 && parts[1].matches(NUMBER) && parts[2].matches(NUMBER)
                ? Optional.of(
                        new SubordinateIds(Long.parseLong(parts[1]), Long.parseLong(parts[2])))
                : Optional.empty();
    }

    private static String nameOf(String number, String passwd) {
        for (String line : passwd.split("\n", -1)) {
            String[] fields = line.split(":", -1);
            if (fields.length > 2 && fields[2].equals(number)) {
                return fields[0];
            }
        }
        return "";
    }
}
