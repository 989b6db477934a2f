// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Machine;
import io.jrunc.rootfs.ImageFile;
import io.jrunc.rootfs.ImageFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for the libraries that a program needs where the dynamic loader would. In doubt a library
 * counts as found: the loader has the last word. The program decides how many libraries and
 * directories there are, so all of that has a bound. Source: ld.so(8).
 */
final class SharedLibraries {
    private static final String CACHE = "/etc/ld.so.cache";
    private static final int MAX_CACHE_BYTES = 4 << 20;
    private static final int MAX_PATH_FILE_BYTES = 1 << 16;
    private static final int MAX_DIRECTORIES = 64;
    private static final int MAX_LOOK_UPS = 4096;

    private final Files init;
    private final Files runtime;
    private final ImageFiles image;
    private final List<String> environment;

    /**
     * Looks in {@code image}.
     *
     * @param init looks names up
     * @param runtime reads what {@code image} opens
     */
    SharedLibraries(Kernel init, Kernel runtime, ImageFiles image, List<String> environment) {
        this.init = init.files();
        this.runtime = runtime.files();
        this.image = image;
        this.environment = environment;
    }

    /** Returns the name of a library that is nowhere; empty if all are found or one cannot know. */
    String missing(String program, String interpreter, Elf elf, Fd file) {
        List<String> needed = elf.dynamicStrings(runtime, file, Elf.DT_NEEDED);
        if (needed.size() == Elf.MAX_STRINGS || isRedirected()) {
            return "";
        }
        needed.removeIf(library -> library.indexOf('/') >= 0); // a path: not looked for
        if (needed.isEmpty()) {
            return "";
        }
        Set<String> directories = new LinkedHashSet<>();
        String origin = program.substring(0, Math.max(0, program.lastIndexOf('/')));
        for (String path : elf.dynamicStrings(runtime, file, Elf.DT_RPATH, Elf.DT_RUNPATH)) {
            for (String part : path.split(":", MAX_DIRECTORIES + 1)) {
                directories.add(part.replace("${ORIGIN}", origin).replace("$ORIGIN", origin));
            }
            if (directories.size() > MAX_DIRECTORIES) {
                return "";
            }
        }
        for (String variable : environment) {
            if (variable.startsWith("LD_LIBRARY_PATH=")) {
                directories.addAll(List.of(variable.substring(16).split("[:;]", -1)));
            }
        }
        addDefaults(directories, interpreter);
        directories.remove("");
        long lookUps = (long) needed.size() * directories.size();
        if (directories.size() > MAX_DIRECTORIES || lookUps > MAX_LOOK_UPS) {
            return "";
        }
        // $LIB and $PLATFORM are known to the loader alone.
        boolean known = directories.stream().noneMatch(directory -> directory.indexOf('$') >= 0);
        Set<String> absent = known ? absent(needed, directories) : Set.of();
        return absent.isEmpty() ? "" : notCached(absent);
    }

    /** With these variables the loader takes libraries from anywhere. */
    private boolean isRedirected() {
        for (String variable : environment) {
            if (variable.startsWith("LD_PRELOAD=") || variable.startsWith("LD_AUDIT=")) {
                return true;
            }
        }
        return false;
    }

    private void addDefaults(Set<String> directories, String interpreter) {
        String triplet = Machine.name() + "-linux-gnu";
        for (String base : List.of("/lib", "/usr/lib", "/usr/local/lib")) {
            directories.add(base);
            directories.add(base + "64");
            directories.add(base + "/" + triplet);
        }
        // A loader that lives elsewhere, as Nix's does, has its libraries beside it.
        directories.add(interpreter.substring(0, Math.max(1, interpreter.lastIndexOf('/'))));
        String musl = read("/etc/ld-musl-" + Machine.name() + ".path", MAX_PATH_FILE_BYTES);
        directories.addAll(List.of(musl.split("[:\n]", MAX_DIRECTORIES + 1)));
    }

    /**
     * Returns which of the libraries is in none of the directories. Each directory is found once,
     * for its path may lead through many links.
     */
    private Set<String> absent(List<String> needed, Set<String> directories) {
        List<Fd> found = new ArrayList<>();
        try {
            for (String directory : directories) {
                found.add(init.openHandle(directory));
            }
            for (Fd directory : found) {
                boolean missing =
                        directory.failedWith(Errno.ENOENT) || directory.failedWith(Errno.ENOTDIR);
                if (!missing && !directory.isOpen()) {
                    return Set.of(); // the loader may see more than init
                }
            }
            found.removeIf(directory -> !directory.isOpen());
            return absent(needed, found);
        } finally {
            found.forEach(Fd::close);
        }
    }

    private Set<String> absent(List<String> needed, List<Fd> directories) {
        Set<String> absent = new LinkedHashSet<>();
        List<Call> answers = new ArrayList<>();
        for (String library : needed) {
            for (Fd directory : directories) {
                answers.add(init.askFor(directory, library));
            }
        }
        for (int i = 0; i < needed.size(); i++) {
            boolean there = false;
            for (int j = 0; j < directories.size(); j++) {
                Call answer = answers.get(i * directories.size() + j);
                there |= !answer.failedWith(Errno.ENOENT) && !answer.failedWith(Errno.ENOTDIR);
            }
            if (!there) {
                absent.add(needed.get(i));
            }
        }
        return absent;
    }

    /**
     * Returns one of the libraries that the loader's cache does not have either; empty if it has
     * all.
     */
    private String notCached(Set<String> libraries) {
        String cache = read(CACHE, MAX_CACHE_BYTES);
        if (cache.length() == MAX_CACHE_BYTES) {
            return "";
        }
        int start = 0;
        for (int end = cache.indexOf('\0'); end >= 0; end = cache.indexOf('\0', start)) {
            int slash = cache.lastIndexOf('/', end);
            if (slash >= start) {
                libraries.remove(cache.substring(slash + 1, end));
            }
            start = end + 1;
        }
        return libraries.isEmpty() ? "" : libraries.iterator().next();
    }

    /** Returns the file's first bytes as characters; empty if it cannot be read. */
    private String read(String path, int maxBytes) {
        try (ImageFile file = image.at(path)) {
            if (!file.isReadable()) {
                return "";
            }
            byte[] bytes = runtime.readAt(file.content(), file.length(maxBytes), 0);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
