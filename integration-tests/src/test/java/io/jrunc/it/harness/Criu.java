// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * criu(8) that can dump processes of this kernel: the host's, or that of a newer Debian, which
 * scripts/install-dependencies sets up aside.
 */
public final class Criu {
    private static final String ASIDE = "/usr/local/lib/jrunc-criu/usr/sbin";
    private static final Optional<String> DIRECTORY = find();

    private Criu() {}

    private static Optional<String> find() {
        for (String directory : List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", ASIDE)) {
            if (Files.isExecutable(Path.of(directory, "criu")) && works(directory + "/criu")) {
                return Optional.of(directory);
            }
        }
        return Optional.empty();
    }

    private static boolean works(String program) {
        try {
            Process check =
                    new ProcessBuilder(program, "check")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return check.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether there is one. */
    static boolean isThere() {
        return DIRECTORY.isPresent();
    }

    /** The PATH with which a runtime finds it. */
    public static String path() {
        return before("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin");
    }

    /** This PATH, with criu's directory before it, if there is criu. */
    public static String before(String path) {
        return DIRECTORY.map(directory -> directory + ":" + path).orElse(path);
    }
}
