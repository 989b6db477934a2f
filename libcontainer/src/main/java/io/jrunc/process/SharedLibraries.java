package io.jrunc.process;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Machine;
import io.jrunc.linux.OpenFlag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for the libraries that a program needs where the dynamic loader would. In doubt a library
 * counts as found: the loader has the last word. Source: ld.so(8).
 */
final class SharedLibraries {
    private static final String CACHE = "/etc/ld.so.cache";

    private final Files files;
    private final List<String> environment;

    SharedLibraries(Files files, List<String> environment) {
        this.files = files;
        this.environment = environment;
    }

    /** The name of a library that is nowhere; empty if all are found or one cannot know. */
    String missing(String program, String interpreter, Elf elf, Fd file) {
        List<String> needed = elf.dynamicStrings(files, file, Elf.DT_NEEDED);
        if (needed.isEmpty() || isRedirected()) {
            return "";
        }
        List<String> directories = new ArrayList<>();
        for (String path : elf.dynamicStrings(files, file, Elf.DT_RPATH, Elf.DT_RUNPATH)) {
            directories.addAll(List.of(path.split(":", -1)));
        }
        for (String variable : environment) {
            if (variable.startsWith("LD_LIBRARY_PATH=")) {
                directories.addAll(List.of(variable.substring(16).split("[:;]", -1)));
            }
        }
        addDefaults(directories, interpreter);
        String cache = read(CACHE);
        for (String library : needed) {
            if (!isFound(library, directories, program) && !cache.contains("/" + library + "\0")) {
                return library;
            }
        }
        return "";
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

    private void addDefaults(List<String> directories, String interpreter) {
        String triplet = Machine.name() + "-linux-gnu";
        for (String base : List.of("/lib", "/usr/lib", "/usr/local/lib")) {
            directories.add(base);
            directories.add(base + "64");
            directories.add(base + "/" + triplet);
        }
        // A loader that lives elsewhere, as Nix's does, has its libraries beside it.
        directories.add(interpreter.substring(0, Math.max(1, interpreter.lastIndexOf('/'))));
        String musl = "/etc/ld-musl-" + Machine.name() + ".path";
        for (String directory : read(musl).split("[:\n]", -1)) {
            directories.add(directory);
        }
    }

    private boolean isFound(String library, List<String> directories, String program) {
        if (library.indexOf('/') >= 0) {
            return true; // a path of its own, relative to who knows what
        }
        String origin = program.substring(0, Math.max(0, program.lastIndexOf('/')));
        for (String directory : directories) {
            String place = directory.replace("${ORIGIN}", origin).replace("$ORIGIN", origin);
            if (place.indexOf('$') >= 0) {
                return true; // $LIB and $PLATFORM are known to the loader alone
            }
            if (!place.isEmpty() && files.exists(place + "/" + library)) {
                return true;
            }
        }
        return false;
    }

    /** The file's bytes as characters; empty if it cannot be read. */
    private String read(String path) {
        try (Fd file = files.openIfReadable(path, OpenFlag.RDONLY, OpenFlag.NONBLOCK)) {
            return file.isOpen() && files.stat(file).isRegularFile()
                    ? new String(files.readAll(file), StandardCharsets.ISO_8859_1)
                    : "";
        }
    }
}
