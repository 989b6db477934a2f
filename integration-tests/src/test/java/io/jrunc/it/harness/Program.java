// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The runtime under test: {@code -Druntime=jrunc} (the default), {@code runc}, or a path. */
public final class Program {
    private static final String BUILT = "../runtime-cli/target/jrunc/bin/jrunc";

    private Program() {}

    /** Its file, absolute. */
    public static String path() {
        String runtime = System.getProperty("runtime", "jrunc");
        if (runtime.equals("jrunc")) {
            String built = System.getProperty("jrunc.program", BUILT);
            return Path.of(built).toAbsolutePath().normalize().toString();
        }
        return runtime.contains("/") ? runtime : installed(runtime).orElse(runtime);
    }

    public static boolean isJrunc() {
        return Path.of(path()).getFileName().toString().equals("jrunc");
    }

    /** Where a program is that the tests need, if it is installed. */
    public static Optional<String> installed(String name) {
        for (String directory : new String[] {"/usr/bin", "/usr/sbin", "/bin", "/sbin"}) {
            Path file = Path.of(directory, name);
            if (Files.isExecutable(file)) {
                return Optional.of(file.toString());
            }
        }
        return Optional.empty();
    }
}
