// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.file;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files that a container's cgroups have, in whatever hierarchy: a file is named after its
 * controller, so v1 hierarchies have no two of the same name that count anything. What vanishes
 * while it is read, because the container is removed, reads as empty.
 */
public final class CgroupFiles {
    private static final String NO_LIMIT = "max";

    private final Files files;
    private final Map<String, String> directories = new HashMap<>();

    private CgroupFiles(Files files) {
        this.files = files;
    }

    /** Looks which files there are in {@code directories}. */
    public static CgroupFiles in(Kernel kernel, Collection<String> directories) {
        CgroupFiles found = new CgroupFiles(kernel.files());
        for (String directory : directories) {
            found.list(directory);
        }
        return found;
    }

    private void list(String directory) {
        try (Fd dir = files.openIfExists(files.here(), directory, OpenFlag.DIRECTORY)) {
            if (dir.isOpen()) {
                for (String name : files.directories().list(dir)) {
                    directories.put(name, directory);
                }
            }
        }
    }

    /** Returns whether there is no file at all. */
    public boolean isEmpty() {
        return directories.isEmpty();
    }

    /** Returns whether there is this file. */
    public boolean has(String file) {
        return directories.containsKey(file);
    }

    /** Returns where the file is; empty if there is none. */
    Optional<String> path(String file) {
        return has(file) ? Optional.of(directories.get(file) + "/" + file) : Optional.empty();
    }

    /** Returns what stands between {@code prefix} and {@code suffix} in the names of files. */
    public List<String> between(String prefix, String suffix) {
        List<String> found = new ArrayList<>();
        for (String name : directories.keySet()) {
            if (name.startsWith(prefix) && name.endsWith(suffix)) {
                found.add(name.substring(prefix.length(), name.length() - suffix.length()));
            }
        }
        return found;
    }

    /** Returns the file's text; empty if there is none, or if its controller is switched off. */
    public String text(String file) {
        Optional<String> path = path(file);
        if (path.isEmpty()) {
            return "";
        }
        try (Fd open = files.openIfExists(files.here(), path.get(), OpenFlag.RDONLY)) {
            return open.isOpen() ? files.readText(open).strip() : "";
        } catch (Failure f) {
            if (f.is(Errno.ENODEV) || f.is(Errno.EOPNOTSUPP)) {
                return "";
            }
            throw f;
        }
    }

    /** Returns its lines. */
    public List<String> lines(String file) {
        return text(file).lines().toList();
    }

    /** Returns the file's number, without sign; "max" is all bits, no file is 0. */
    public long number(String file) {
        String text = text(file);
        return text.equals(NO_LIMIT) ? -1 : text.isEmpty() ? 0 : number(file, text);
    }

    /** Returns the file's number; absent if there is no such file. */
    public OptionalLong numberIfThere(String file) {
        return has(file) ? OptionalLong.of(number(file)) : OptionalLong.empty();
    }

    /** Returns the numbers of the file, separated by blanks. */
    public List<Long> numbers(String file) {
        List<Long> numbers = new ArrayList<>();
        for (String word : text(file).split("\\s+", -1)) {
            if (!word.isEmpty()) {
                numbers.add(number(file, word));
            }
        }
        return numbers;
    }

    /** Lines of a name and a number, in their order. */
    public Map<String, Long> table(String file) {
        Map<String, Long> table = new LinkedHashMap<>();
        for (String line : lines(file)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                table.put(line.substring(0, blank), number(file, line.substring(blank + 1)));
            }
        }
        return table;
    }

    private static long number(String file, String word) {
        try {
            return Long.parseUnsignedLong(word);
        } catch (NumberFormatException e) {
            throw Failure.of(Failure.Code.CGROUP, file + ": \"" + word + "\" is not a number");
        }
    }
}
