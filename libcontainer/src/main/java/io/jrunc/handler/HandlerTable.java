// SPDX-License-Identifier: Apache-2.0
package io.jrunc.handler;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The handlers of this host: the files {@code *.json} of some directories. Of several entries with
 * one name, that of the first directory counts. What others than root could have written is
 * refused, for the runtime may be root.
 *
 * @param directories an absent one is as good as an empty one
 * @param owners whose files count: they have no fewer rights than this process
 */
public record HandlerTable(Kernel kernel, List<String> directories, Set<Integer> owners) {
    private static final String SUFFIX = ".json";
    private static final int WRITABLE_BY_OTHERS = 022;

    public HandlerTable {
        directories = List.copyOf(directories);
        owners = Set.copyOf(owners);
    }

    /** Reads all entries; the names are in order within a directory. */
    List<Handler> handlers() {
        List<Handler> handlers = new ArrayList<>();
        Files files = kernel.files();
        for (String directory : directories) {
            try (Fd open = files.openIfExists(files.here(), directory, OpenFlag.DIRECTORY)) {
                if (open.isOpen()) {
                    requireTrusted(files.stat(open), directory);
                    read(open, directory, handlers);
                }
            }
        }
        return handlers;
    }

    private void read(Fd directory, String path, List<Handler> handlers) {
        Files files = kernel.files();
        TreeSet<String> names = new TreeSet<>();
        List<String> some = kernel.directories().listSome(directory);
        while (!some.isEmpty()) {
            names.addAll(some);
            some = kernel.directories().listSome(directory);
        }
        for (String name : names) {
            if (!name.endsWith(SUFFIX)) {
                continue;
            }
            String file = path + "/" + name;
            try (Fd open = files.openAt(directory, name, OpenFlag.NONBLOCK, OpenFlag.NOCTTY)) {
                requireTrusted(files.stat(open), file);
                Handler handler = Handler.read(files.readAll(open), file);
                if (handlers.stream().noneMatch(other -> other.name().equals(handler.name()))) {
                    handlers.add(handler);
                }
            }
        }
    }

    private void requireTrusted(Stat stat, String path) {
        boolean trusted = owners.contains(stat.uid());
        if (!trusted || (stat.permissions() & WRITABLE_BY_OTHERS) != 0) {
            throw Failure.of(
                    Failure.Code.HOST,
                    path
                            + (trusted ? " is writable by others" : " does not belong to root")
                            + ", so it may not say what is executed; chown it to root, and chmod"
                            + " go-w");
        }
    }
}
