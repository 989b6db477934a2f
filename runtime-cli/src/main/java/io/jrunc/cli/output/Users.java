package io.jrunc.cli.output;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Names of users. passwd(5). */
public final class Users {
    private Users() {}

    /** The name of {@code uid}, or {@code #uid} if it has none. */
    public static String name(int uid) {
        try (FileInputStream in = new FileInputStream("/etc/passwd")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.split("\n", -1)) {
                String[] fields = line.split(":", -1);
                if (fields.length > 2 && fields[2].equals(Integer.toString(uid))) {
                    return fields[0];
                }
            }
        } catch (IOException e) {
            return "#" + uid;
        }
        return "#" + uid;
    }
}
