// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import java.util.List;

/** The file of criu(8): the first of that name in the caller's PATH. */
final class CriuProgram {
    private static final String NAME = "criu";
    private static final String VARIABLE = "PATH=";

    /** Where it is searched for if the caller has no PATH. Source: environ(7), login(1). */
    private static final String STANDARD =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final int EXECUTABLE = 0111;

    private CriuProgram() {}

    /** Returns its path; a {@link Failure} if there is none. */
    static String find(Kernel runtime, List<String> environment) {
        String path = STANDARD;
        for (String variable : environment) {
            if (variable.startsWith(VARIABLE)) {
                path = variable.substring(VARIABLE.length());
            }
        }
        for (String directory : path.split(":", -1)) {
            String file = directory + "/" + NAME;
            boolean found =
                    directory.startsWith("/")
                            && runtime.files()
                                    .statIfExists(file)
                                    .filter(stat -> stat.isRegularFile())
                                    .filter(stat -> (stat.permissions() & EXECUTABLE) != 0)
                                    .isPresent();
            if (found) {
                return file;
            }
        }
        throw Failure.of(
                Failure.Code.HOST,
                "criu: executable file not found in PATH; install criu: it dumps and restores"
                        + " processes");
    }
}
