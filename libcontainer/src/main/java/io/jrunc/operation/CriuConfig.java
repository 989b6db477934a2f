// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import java.util.Map;
import java.util.Optional;

/**
 * The file whose options criu(8) takes instead of what a command asks for: the annotation {@code
 * org.criu.config} names it, and else it is the administrator's.
 */
final class CriuConfig {
    private static final String ANNOTATION = "org.criu.config";

    /** Of crun and of runc; the first that exists counts. */
    private static final String CRUN = "/etc/criu/crun.conf";

    private static final String RUNC = "/etc/criu/runc.conf";

    private static final int WRITABLE_BY_OTHERS = 022;

    private CriuConfig() {}

    /**
     * Returns the path; empty if there is to be none.
     *
     * @param rootfs whose files must not decide what criu does
     */
    static Optional<String> path(Kernel runtime, Map<String, String> annotations, String rootfs) {
        String named = annotations.get(ANNOTATION);
        if (named == null) {
            boolean crun = runtime.files().statIfExists(CRUN).isPresent();
            return Optional.of(crun ? CRUN : RUNC);
        }
        if (named.isEmpty()) {
            return Optional.empty();
        }
        check(runtime, named, rootfs);
        return Optional.of(named);
    }

    /**
     * An image may have brought the annotation, and its own files; the options of criu include
     * programs that it executes as root.
     */
    private static void check(Kernel runtime, String path, String rootfs) {
        String field = "annotations[\"" + ANNOTATION + "\"]";
        if (!path.startsWith("/")) {
            throw Failure.invalid(
                    field, "\"" + path + "\" is no absolute path", "begin it with a slash");
        }
        Optional<Stat> stat = runtime.files().statIfExists(path);
        if (stat.isEmpty()) {
            return; // criu does without
        }
        boolean trusted =
                stat.get().isRegularFile()
                        && stat.get().uid() == 0
                        && (stat.get().permissions() & WRITABLE_BY_OTHERS) == 0
                        && !path.contains("/../")
                        && !path.startsWith(rootfs + "/");
        if (!trusted) {
            throw Failure.invalid(
                    field,
                    "others than root can change " + path + ", or it is the container's",
                    "name a file outside of the container that only root can write");
        }
    }
}
