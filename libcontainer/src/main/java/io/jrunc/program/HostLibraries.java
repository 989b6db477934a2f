// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Machine;
import io.jrunc.linux.OpenFlag;
import java.io.File;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The dynamic loader and the libraries that a program of the host needs, found on the host as the
 * loader would, but for its cache. Source: ld.so(8).
 *
 * @param loader absent: the program is static
 * @param files the libraries by name
 */
public record HostLibraries(Optional<String> loader, Map<String, String> files) {
    private static final int HEAD_BYTES = 512;

    /**
     * Finds them.
     *
     * @param loader absent: the one that the program names
     * @param path directories to look in first
     * @param opened libraries that the program opens by itself, or directories of them; what one of
     *     them lacks is not missed before it is used
     */
    public static HostLibraries of(
            Kernel kernel,
            String program,
            Optional<String> loader,
            List<String> path,
            List<String> opened) {
        Optional<String> found = loaderOf(kernel, program, loader);
        if (found.isEmpty()) {
            return new HostLibraries(found, Map.of());
        }
        Search search = new Search(kernel.files(), path);
        search.add(program, true);
        for (String one : opened) {
            File[] inside = new File(one).listFiles((dir, name) -> name.endsWith(".so"));
            if (inside == null) {
                search.add(one, true);
                continue;
            }
            Arrays.sort(inside);
            for (File file : inside) {
                search.add(file.getPath(), false);
            }
        }
        search.found.remove(found.get().substring(found.get().lastIndexOf('/') + 1));
        return new HostLibraries(found, search.found);
    }

    /** Returns the dynamic loader of {@code program}; empty if it is static. */
    public static Optional<String> loaderOf(
            Kernel kernel, String program, Optional<String> loader) {
        Files files = kernel.files();
        try (Fd file = files.open(program, OpenFlag.RDONLY)) {
            byte[] head = files.readAt(file, HEAD_BYTES, 0);
            if (!Elf.isElf(head) || !new Elf(head).isFor(Machine.name())) {
                throw Failure.of(
                        Failure.Code.HOST,
                        program + " is no ELF program for " + Machine.name() + "; name one");
            }
            String named = new Elf(head).interpreter(files, file);
            return named.isEmpty() ? Optional.empty() : loader.or(() -> Optional.of(named));
        }
    }

    /** Goes from library to library. */
    private static final class Search {
        private final Files files;
        private final List<String> path;
        private final Map<String, String> found = new LinkedHashMap<>();

        Search(Files files, List<String> path) {
            this.files = files;
            this.path = path;
        }

        /** Adds what {@code first} needs, and what that needs. */
        void add(String first, boolean required) {
            Deque<String> rest = new ArrayDeque<>();
            rest.add(first);
            while (!rest.isEmpty()) {
                String object = rest.pop();
                try (Fd file = files.open(object, OpenFlag.RDONLY)) {
                    byte[] head = files.readAt(file, HEAD_BYTES, 0);
                    if (Elf.isElf(head)) {
                        add(object, new Elf(head), file, required, rest);
                    }
                }
            }
        }

        private void add(String object, Elf elf, Fd file, boolean required, Deque<String> rest) {
            List<String> places = places(object, elf, file);
            for (String name : elf.dynamicStrings(files, file, Elf.DT_NEEDED)) {
                if (found.containsKey(name)) {
                    continue;
                }
                Optional<String> library = in(places, name);
                if (library.isPresent()) {
                    found.put(name, library.get());
                    rest.add(library.get());
                } else if (required) {
                    throw Failure.of(
                            Failure.Code.HOST,
                            object
                                    + " needs "
                                    + name
                                    + ", which is in none of "
                                    + String.join(", ", places)
                                    + "; name its directory in libraryPath");
                }
            }
        }

        private List<String> places(String object, Elf elf, Fd file) {
            Set<String> places = new LinkedHashSet<>(path);
            String origin = object.substring(0, object.lastIndexOf('/'));
            for (String list : elf.dynamicStrings(files, file, Elf.DT_RPATH, Elf.DT_RUNPATH)) {
                for (String part : list.split(":", -1)) {
                    places.add(part.replace("${ORIGIN}", origin).replace("$ORIGIN", origin));
                }
            }
            String triplet = Machine.name() + "-linux-gnu";
            for (String base : List.of("/lib", "/usr/lib", "/usr/local/lib")) {
                places.addAll(List.of(base + "/" + triplet, base + "64", base));
            }
            places.remove("");
            return new ArrayList<>(places);
        }

        private static Optional<String> in(List<String> places, String name) {
            for (String place : places) {
                File file = new File(place, name);
                if (file.isFile()) {
                    return Optional.of(file.getPath());
                }
            }
            return Optional.empty();
        }
    }
}
