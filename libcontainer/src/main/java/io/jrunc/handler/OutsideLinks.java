// SPDX-License-Identifier: Apache-2.0
package io.jrunc.handler;

import io.jrunc.linux.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the symbolic links of a directory lead that leave it: Debian keeps the configuration of a
 * JDK in /etc.
 */
final class OutsideLinks {
    private static final int MAX_LINKS = 256;

    private OutsideLinks() {}

    /** Returns the targets that exist, each once, none below another. */
    static List<String> of(String directory) {
        List<Path> targets = new ArrayList<>();
        Path top = Path.of(directory);
        try (Stream<Path> all = Files.walk(top)) {
            all.filter(Files::isSymbolicLink)
                    .map(OutsideLinks::target)
                    .filter(target -> !target.startsWith(top) && Files.exists(target))
                    .sorted()
                    .forEach(target -> add(targets, target));
        } catch (IOException e) {
            throw Failure.of(
                    Failure.Code.HOST, directory + ": " + e.getMessage() + " while it was read", e);
        }
        if (targets.size() > MAX_LINKS) {
            throw Failure.of(
                    Failure.Code.HOST,
                    directory
                            + ": more than "
                            + MAX_LINKS
                            + " symbolic links lead out of it; list what is needed in mounts");
        }
        return targets.stream().map(Path::toString).toList();
    }

    private static void add(List<Path> targets, Path target) {
        if (targets.stream().noneMatch(target::startsWith)) {
            targets.add(target);
        }
    }

    private static Path target(Path link) {
        try {
            return link.resolveSibling(Files.readSymbolicLink(link)).normalize();
        } catch (IOException e) {
            throw Failure.of(Failure.Code.HOST, link + ": " + e.getMessage(), e);
        }
    }
}
