// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files that this program was started from. */
final class Installation {
    private static final String NONE = "";

    private final Kernel kernel;
    private final List<String> files;
    private final List<String> identities;

    Installation(Kernel kernel, List<String> files) {
        this.kernel = kernel;
        this.files = List.copyOf(files);
        this.identities = identities();
    }

    /**
     * Returns the one of this program: its archive of classes, its Java, and what {@code
     * jrunc-setup} writes last.
     */
    static Installation own(Kernel kernel) {
        String java = System.getProperty("java.home") + "/lib/modules";
        String configuration = System.getProperty("jrunc.home") + "lib/jrunc-serve.conf";
        return new Installation(
                kernel, List.of(System.getProperty("java.class.path"), java, configuration));
    }

    /** Returns whether one of the files was replaced or removed, as an upgrade does. */
    boolean hasChanged() {
        return !identities().equals(identities);
    }

    private List<String> identities() {
        Files look = kernel.files();
        List<String> found = new ArrayList<>();
        for (String file : files) {
            Optional<Stat> stat = look.statIfExists(file);
            found.add(stat.map(one -> one.fileSystem() + ":" + one.inode()).orElse(NONE));
        }
        return found;
    }
}
