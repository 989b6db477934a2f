// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.host.Host;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Opens the directory of all containers, component by component. Write access to a component or a
 * link of the path would allow another user to replace a container's state and hooks: so each
 * component must belong to root or the caller, and be writable only by them.
 */
final class TrustedDirectory {
    private static final int MAX_LINKS = 40;
    private static final int GROUP_WRITES = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;

    /** What owners look like that this process's user namespace does not map. */
    private static final int UNMAPPED = 65534;

    private static final int DIRECTORY_MODE = 0700;

    /** Sticky: programs that clean up $XDG_RUNTIME_DIR then keep it. XDG base directories. */
    private static final int LAST_MODE = 01700;

    private static final String OWN_ROOT =
            "set XDG_RUNTIME_DIR to a directory of the caller's own, or give Containers.at another";

    private final Files files;
    private final String path;
    private final boolean make;
    private final Deque<String> ahead = new ArrayDeque<>();
    private int links;

    private TrustedDirectory(Files files, String path, boolean make) {
        this.files = files;
        this.path = path;
        this.make = make;
    }

    /** Opens {@code path}, which is absolute; creates what is missing. */
    static Fd openOrMake(Files files, String path) {
        return new TrustedDirectory(files, path, true).walk().orElseThrow();
    }

    /** Opens {@code path}, which is absolute; empty if it is missing. */
    static Optional<Fd> open(Files files, String path) {
        return new TrustedDirectory(files, path, false).walk();
    }

    private Optional<Fd> walk() {
        push(path);
        Fd here = top();
        try {
            while (!ahead.isEmpty()) {
                Optional<Fd> next = step(here, ahead.pop());
                if (next.isEmpty()) {
                    here.close();
                    return next;
                }
                if (next.get() != here) {
                    here.close();
                    here = next.get();
                }
            }
            requireNoOtherWriter(here, files.stat(here), false);
            return Optional.of(here);
        } catch (RuntimeException f) {
            here.close();
            throw f;
        }
    }

    private Fd top() {
        return files.open("/", OpenFlag.DIRECTORY, OpenFlag.PATH);
    }

    private void push(String more) {
        String[] parts = more.split("/", -1);
        for (int i = parts.length - 1; i >= 0; i--) {
            if (!parts[i].isEmpty() && !parts[i].equals(".")) {
                ahead.push(parts[i]);
            }
        }
    }

    /** Returns what {@code name} leads to: {@code here} if it is a link; empty if it is missing. */
    private Optional<Fd> step(Fd here, String name) {
        Fd next = openComponent(here, name);
        if (!next.isOpen()) {
            return Optional.empty();
        }
        try {
            Stat stat = files.stat(next);
            requireOwner(next, stat);
            if (!stat.isSymlink()) {
                requireDirectory(next, stat);
                if (!ahead.isEmpty()) {
                    requireNoOtherWriter(next, stat, true);
                }
                return Optional.of(next);
            }
        } catch (RuntimeException f) {
            next.close();
            throw f;
        }
        next.close();
        return Optional.of(follow(here, name));
    }

    private Fd openComponent(Fd here, String name) {
        Fd next = files.openIfExists(here, name, OpenFlag.PATH, OpenFlag.NOFOLLOW);
        if (next.isOpen() || !make) {
            return next;
        }
        files.directories()
                .mkdir(here, name, ahead.isEmpty() ? LAST_MODE : DIRECTORY_MODE)
                .tolerate(Errno.EEXIST)
                .hint(Errno.EACCES, OWN_ROOT)
                .submit();
        return files.openAt(here, name, OpenFlag.PATH, OpenFlag.NOFOLLOW);
    }

    private Fd follow(Fd here, String name) {
        links++;
        if (links > MAX_LINKS) {
            throw Failure.syscall("open", path, Errno.ELOOP, "");
        }
        String target = files.directories().readLink(here, name);
        push(target);
        return target.startsWith("/") ? top() : here;
    }

    private void requireDirectory(Fd component, Stat stat) {
        if (!stat.isDirectory()) {
            throw Failure.syscall("open", path, Errno.ENOTDIR, nameOf(component));
        }
    }

    private void requireOwner(Fd component, Stat stat) {
        int uid = stat.uid();
        boolean trusted =
                uid == 0
                        || uid == Host.effectiveUid()
                        || uid == UNMAPPED && Host.isInUserNamespace();
        if (!trusted) {
            throw untrusted(component, "it belongs to uid " + uid);
        }
    }

    /** In a sticky directory others cannot rename what is not theirs, but they can add to it. */
    private void requireNoOtherWriter(Fd component, Stat stat, boolean onTheWay) {
        if (onTheWay && (stat.permissions() & STICKY) != 0) {
            return;
        }
        if ((stat.permissions() & OTHERS_WRITE) != 0) {
            throw untrusted(component, "others can write to it");
        }
        boolean foreignGroup = stat.gid() != 0 && stat.gid() != Host.effectiveGid();
        if ((stat.permissions() & GROUP_WRITES) != 0 && foreignGroup) {
            throw untrusted(component, "group " + stat.gid() + " can write to it");
        }
    }

    private Failure untrusted(Fd component, String problem) {
        String name = nameOf(component);
        return Failure.of(
                Failure.Code.UNTRUSTED_ROOT,
                "state directory "
                        + path
                        + ": "
                        + (name.equals(path) ? "" : name + ": ")
                        + problem
                        + "; "
                        + OWN_ROOT,
                path,
                "");
    }

    /** Returns where a component is by now; links on the way may have led anywhere. */
    private String nameOf(Fd component) {
        return files.directories().readLink(files.here(), "/proc/self/fd/" + component.number());
    }
}
