// SPDX-License-Identifier: Apache-2.0
package io.jrunc.site;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code Main REPOSITORY DIRECTORY} writes the site to a directory, and fails if a link is dead.
 */
public final class Main {
    private Main() {}

    /** Called by the build. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[1]);
        Site site = Site.of(Path.of(args[0]).toAbsolutePath().normalize());
        site.write(directory);
        List<String> dead = DeadLinks.in(directory);
        if (!dead.isEmpty()) {
            System.err.println("links that lead nowhere:\n" + String.join("\n", dead));
            System.exit(1);
        }
    }
}
