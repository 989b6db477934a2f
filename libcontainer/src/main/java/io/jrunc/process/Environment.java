// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The variables that the program starts with. */
public final class Environment {
    private static final String HOME = "HOME";
    private static final String PATH = "PATH";

    private Environment() {}

    /**
     * Returns the variables of {@code process.env}: of several with one name the last, in the
     * first's place.
     */
    public static Map<String, String> parse(List<String> env) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String entry : env) {
            int equals = entry.indexOf('=');
            if (equals <= 0) {
                throw Failure.invalid(
                        "process.env", "\"" + entry + "\" is no variable", "write NAME=value");
            }
            variables.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return variables;
    }

    /** Returns the same with HOME, unless it is there and not empty. */
    public static List<String> withHome(Map<String, String> variables, String home) {
        Map<String, String> all = new LinkedHashMap<>(variables);
        if (all.getOrDefault(HOME, "").isEmpty()) {
            all.put(HOME, home);
        }
        List<String> env = new ArrayList<>(all.size());
        for (Map.Entry<String, String> variable : all.entrySet()) {
            env.add(variable.getKey() + "=" + variable.getValue());
        }
        return env;
    }

    /** Returns where programs are looked for; empty if PATH is not set. */
    static List<String> searchPath(Map<String, String> variables) {
        String path = variables.getOrDefault(PATH, "");
        return path.isEmpty() ? List.of() : List.of(path.split(":", -1));
    }

    /**
     * Returns the home directory of {@code uid} in the text of an /etc/passwd; "/" if it has none.
     * passwd(5).
     */
    static String homeOf(long uid, String passwd) {
        // The image's file: one line and one field too many at a time, however it is made.
        for (String line : (Iterable<String>) passwd.lines()::iterator) {
            String[] fields = line.split(":", 8);
            if (fields.length >= 6
                    && fields[2].equals(Long.toString(uid))
                    && !fields[5].isEmpty()) {
                return fields[5];
            }
        }
        return "/";
    }
}
