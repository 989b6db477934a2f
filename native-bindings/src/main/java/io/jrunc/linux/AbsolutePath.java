// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.ArrayList;
import java.util.List;

/** Paths as text: no file is looked at, and no link is followed. */
public final class AbsolutePath {
    private AbsolutePath() {}

    /** Returns the path from the root, without ".", "..", empty names and a slash at the end. */
    public static String clean(String path) {
        List<String> kept = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                if (!kept.isEmpty()) {
                    kept.remove(kept.size() - 1);
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                kept.add(name);
            }
        }
        return "/" + String.join("/", kept);
    }
}
