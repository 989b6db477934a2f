// SPDX-License-Identifier: Apache-2.0
package io.jrunc.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds links of a site that lead to no file, or to no place of a page. */
final class DeadLinks {
    private static final Pattern LINK = Pattern.compile(" (?:href|src)=\"([^\"]*)\"");

    private DeadLinks() {}

    /** Returns each page with a link that leads nowhere. */
    static List<String> in(Path directory) throws IOException {
        List<String> dead = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path page : files.filter(DeadLinks::isPage).sorted().toList()) {
                Matcher link = LINK.matcher(Files.readString(page));
                while (link.find()) {
                    if (!leadsSomewhere(directory, page, link.group(1))) {
                        dead.add(directory.relativize(page) + ": " + link.group(1));
                    }
                }
            }
        }
        return dead;
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".html");
    }

    private static boolean leadsSomewhere(Path directory, Path page, String link)
            throws IOException {
        if (link.matches("[a-z]+:.*")) {
            return true; // another site's
        }
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        if (!target.startsWith(directory) || !Files.isRegularFile(target)) {
            return false;
        }
        String id = " id=\"" + link.substring(hash + 1) + "\"";
        return hash < 0 || Files.readString(target).contains(id);
    }
}
