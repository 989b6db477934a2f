// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Goes along a path as the kernel does, and stops where a user would be refused. */
final class DeniedPath {
    private static final int MAX_LINKS = 40;

    private final Files files;
    private final Optional<IdsOutside.User> user;
    private final Deque<Fd> trail = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();

    private DeniedPath(Fd root, Optional<IdsOutside.User> user) {
        this.files = root.kernel().files();
        this.user = user;
        trail.push(files.descriptors().duplicate(root));
    }

    /**
     * Something on a path.
     *
     * @param path from the root, without links
     */
    record Place(String path, Stat stat) {}

    /**
     * Returns the first directory that {@code user} may not search, or the file at the end that it
     * may not execute; empty if there is none, or the path ends before it.
     *
     * @param end whether what is at the end is to be searched or executed, too
     */
    static Optional<Place> in(Fd root, String path, IdsOutside.User user, boolean end) {
        DeniedPath way = new DeniedPath(root, Optional.of(user));
        try {
            return way.firstDenied(path, end);
        } finally {
            way.trail.forEach(Fd::close);
        }
    }

    /** Returns the last of a path that there is. */
    static Place lastOf(Fd root, String path) {
        DeniedPath way = new DeniedPath(root, Optional.empty());
        try {
            way.firstDenied(path, false);
            return way.here();
        } finally {
            way.trail.forEach(Fd::close);
        }
    }

    private Place here() {
        StringBuilder path = new StringBuilder();
        names.descendingIterator().forEachRemaining(name -> path.append('/').append(name));
        return new Place(path.isEmpty() ? "/" : path.toString(), files.stat(trail.element()));
    }

    private boolean isDenied(Place place) {
        return user.isPresent() && !user.get().may(place.stat(), IdsOutside.EXECUTE);
    }

    private Optional<Place> firstDenied(String path, boolean end) {
        Deque<String> rest = new ArrayDeque<>(RootedPaths.components(path));
        for (int links = 0; ; ) {
            Place at = here();
            boolean directory = at.stat().isDirectory();
            boolean counts = rest.isEmpty() ? end : directory;
            if (counts && isDenied(at)) {
                return Optional.of(at);
            }
            if (rest.isEmpty() || !directory) {
                return Optional.empty();
            }
            String name = rest.pop();
            if (name.equals("..")) {
                goUp();
                continue;
            }
            Fd next = files.openIfExists(trail.element(), name, OpenFlag.PATH, OpenFlag.NOFOLLOW);
            if (!next.isOpen()) {
                return Optional.empty();
            }
            if (!files.stat(next).isSymlink()) {
                trail.push(next);
                names.push(name);
                continue;
            }
            String target;
            try (next) {
                target = files.directories().readLink(next, "");
            }
            if (++links > MAX_LINKS) {
                return Optional.empty();
            }
            if (target.startsWith("/")) {
                while (!names.isEmpty()) {
                    goUp();
                }
            }
            var more = RootedPaths.components(target);
            for (int i = more.size() - 1; i >= 0; i--) {
                rest.push(more.get(i));
            }
        }
    }

    private void goUp() {
        if (!names.isEmpty()) {
            names.pop();
            trail.pop().close();
        }
    }
}
