// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A directory that only its owner may enter, for a socket that exists before the container does,
 * and whose path must be short: unix(7) allows 107 bytes.
 *
 * @param path absolute
 */
record ListenerDirectory(Kernel kernel, String path) {
    private static final String PARENT = "/tmp";
    private static final String NAME = "listener";
    private static final int MODE = 0700;
    private static final int RANDOM_BYTES = 8;

    /** Makes one. */
    static ListenerDirectory make(Kernel kernel) {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String path = PARENT + "/jrunc-record-" + HexFormat.of().formatHex(random);
        try {
            kernel.directories().mkdir(kernel.files().here(), path, MODE).submit().result();
        } catch (Failure f) {
            throw f.during("make room for the recorder's socket");
        }
        return new ListenerDirectory(kernel, path);
    }

    /** Returns the path of the socket. */
    String socket() {
        return path + "/" + NAME;
    }

    /** Removes it and the socket. */
    void remove() {
        kernel.directories()
                .unlink(kernel.files().here(), socket())
                .tolerate(Errno.ENOENT)
                .submit();
        kernel.directories().rmdir(kernel.files().here(), path).tolerate(Errno.ENOENT).submit();
    }
}
